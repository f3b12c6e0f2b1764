import { userByLogin } from '../people.ts'
import { actingAs } from './actor.ts'
import { field } from './form.ts'
import type { Show } from './visit.ts'

/** Takes the choice of a person and leads back to where it was made. */
export const changeActor: Show = ({ world, form }) => {
  const user = userByLogin(world.store, field(form, 'login'))
  const back = { kind: 'redirect', to: field(form, 'back') } as const
  return user?.type === 'User' ? { ...back, cookie: actingAs(user) } : back
}
