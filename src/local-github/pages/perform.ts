import type { ActInput, Json, OperationId } from '../contract.ts'
import { isObject, list, text } from '../json.ts'
import type { RepositoryVisit } from './visit.ts'

export type Performed = { ok: true; body: Json } | { ok: false; status: number; message: string }

/** Does something in the repository as the person who acts, with the checks of the API. */
export async function perform(
  { world, repository, actor }: RepositoryVisit,
  operation: OperationId,
  input: ActInput,
): Promise<Performed> {
  if (actor === null) return { ok: false, status: 401, message: 'Nobody lives here yet who could do this.' }
  const [owner = '', repo = ''] = repository.fullName.split('/')
  const { status, body } = await world.act(actor.login, operation, {
    ...input,
    params: { owner, repo, ...input.params },
  })
  if (status < 400) return { ok: true, body }
  return { ok: false, status, message: `${actor.login} cannot do this: ${messageOf(body)}` }
}

function messageOf(body: Json): string {
  if (!isObject(body)) return 'the API said no and not why'
  const reasons = (list(body['errors']) ?? []).map((error) => {
    if (!isObject(error)) return text(error) ?? ''
    return text(error['message']) ?? `${text(error['field']) ?? 'something'} is ${text(error['code']) ?? 'wrong'}`
  })
  return [text(body['message']) ?? '', ...reasons].filter((reason) => reason !== '').join('; ')
}
