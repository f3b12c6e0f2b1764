import type { Update } from '../../audit/updates.ts'
import type { Embedded } from '../embedded/embedded.ts'
import { approve } from '../rehearsal/approve.ts'
import { documentOf, type RehearsalDocument } from '../rehearsal/document.ts'
import { personOn, type Person } from '../rehearsal/people.ts'
import type { RequestText } from '../rehearsal/request-file.ts'
import { isOver, isPlanned, settled, watch } from '../rehearsal/watch.ts'
import type { Narrator } from './narrator.ts'
import { breaking, good, inWords, leaking, waiting } from './requests.ts'

export const REPO = 'ada-labs/greeter'

/** People of the demo: Ada maintains the service, Grace reviews. */
const ADA = 'ada'
const GRACE = 'grace'

/** Puts the sample service and its people on the embedded GitHub. */
export async function settle({ github }: Embedded, sample: string, hostUrl: string): Promise<Person[]> {
  await github.addRepository(REPO, { from: sample, pushedBy: ADA })
  for (const login of [ADA, GRACE]) {
    await github.addUser(login)
    await github.setCollaborator(REPO, login, 'admin')
  }
  await github.setVariable(REPO, 'HOST_URL', hostUrl)
  await github.install(REPO)
  return [await personOn(github, REPO, ADA), await personOn(github, REPO, GRACE)]
}

/** The four requests, from label to end; the last one twice. Where there is a model, it gets a fifth. */
export async function tellStory(
  embedded: Embedded,
  people: Person[],
  narrator: Narrator,
  model: string | null,
): Promise<RehearsalDocument> {
  const { github, app } = embedded
  const [ada, grace] = people
  if (!ada || !grace) throw new Error('The demo needs two people.')
  const seen = (update: Update) => narrator.seen(update)
  const ask = async (person: Person, request: RequestText): Promise<Update> => {
    const issue = await person.open(request)
    narrator.says(person.login, `opens #${issue} and labels it pawl`)
    await person.label(issue, 'pawl')
    return watch(app.updates, REPO, issue, isPlanned, seen)
  }
  /** Approves a plan; it has its place in the queue when this returns. */
  const allow = async (planned: Update): Promise<Update> => {
    if (planned.outcome !== null) return planned
    narrator.says(grace.login, `/approve ${planned.codename}`)
    await approve(planned, [grace, ada])
    return watch(
      app.updates,
      REPO,
      planned.issue,
      ({ stage, outcome }) => stage === 'deliver' || outcome !== null,
      seen,
    )
  }
  const end = ({ issue }: Update) => watch(app.updates, REPO, issue, isOver, seen)

  narrator.note('the default branch is checked once, as it always was')
  await github.idle()

  narrator.chapter('1. A change that goes all the way', good.title)
  const first = await end(await allow(await ask(ada, good)))

  narrator.chapter('2. A change that breaks a test', breaking.title)
  const second = await end(await allow(await ask(ada, breaking)))

  narrator.chapter('3. A change that passes every test and falls ill in service', leaking.title)
  const ill = await ask(ada, leaking)
  const behind = await ask(grace, waiting)
  await allow(ill)
  await allow(behind)
  narrator.note(`#${behind.issue} waits for its turn behind #${ill.issue}`)
  const third = await end(ill)
  const cleared = await end(behind)

  narrator.chapter('4. The one that waited, tried again', waiting.title)
  narrator.says(grace.login, `/retry on #${behind.issue}`)
  await grace.say(behind.issue, '/retry')
  const again = await watch(app.updates, REPO, behind.issue, isPlannedAgain, seen)
  narrator.says(ada.login, `/approve ${again.codename}`)
  await approve(again, [ada, grace])
  const fourth = await watch(app.updates, REPO, behind.issue, isOverAgain, seen)

  const byModel: Update[] = []
  if (model !== null) {
    narrator.chapter(`5. A change in words, by ${model}`, inWords.title)
    byModel.push(await end(await allow(await ask(ada, inWords))))
  }

  await settled(embedded)
  const told = { github, audit: app.audit, person: ada, repo: REPO, branch: 'main' }
  return documentOf(told, [first, second, third, cleared, fourth, ...byModel])
}

const isPlannedAgain = (update: Update) => update.attempt > 1 && isPlanned(update)
const isOverAgain = (update: Update) => update.attempt > 1 && isOver(update)
