import { answer, invalid, notFound, paged } from '../answers.ts'
import type { Handler, Handlers } from '../contract.ts'
import { text } from '../json.ts'
import { createLabel, labelByName } from '../labels.ts'
import { labelView } from '../views/label.ts'

const list: Handler = (call, world) => {
  const { repository } = call
  return paged(call, world.store.list('label', repository.id), (label) => labelView(world, repository, label))
}

const get: Handler = (call, world) => {
  const label = labelByName(world, call.repository, call.text('name'))
  return label === undefined ? notFound() : answer(200, labelView(world, call.repository, label))
}

const create: Handler = (call, world) => {
  const name = text(call.body['name']) ?? ''
  const color = text(call.body['color'])
  const fault = (field: string, code: 'already_exists' | 'invalid' | 'missing_field') =>
    invalid({ resource: 'Label', field, code })
  if (name.trim() === '') return fault('name', 'missing_field')
  if (labelByName(world, call.repository, name) !== undefined) return fault('name', 'already_exists')
  if (color !== undefined && !/^[\da-f]{6}$/i.test(color)) return fault('color', 'invalid')
  const label = createLabel(world, call, { name, color, description: text(call.body['description']) })
  return answer(201, labelView(world, call.repository, label))
}

export const labels: Handlers = {
  'issues/list-labels-for-repo': list,
  'issues/get-label': get,
  'issues/create-label': create,
}
