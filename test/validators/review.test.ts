import { expect, it } from 'vitest'
import { reviewValidator, type Opinion } from '../../src/validators/review.ts'
import { change, measured } from './change.ts'

const files = [measured('src/a.ts')]
const judge = (opinion: Opinion) => reviewValidator('round1', async () => opinion).review(change(files))
const remark = { blocks: true, path: 'src/a.ts', line: 3, message: 'It\nis wrong.' }

it('GATE1-3 a model’s objections block at their lines, its other remarks are only told', async () => {
  const remarks = [remark, { ...remark, blocks: false, line: null, message: 'A nicety.' }]
  expect(await judge({ ok: true, summary: 'Not yet.', spent: '1 steps', remarks })).toMatchObject([
    { severity: 'error', rule: 'review-found', path: 'src/a.ts', line: 3, message: 'It is wrong.' },
    { severity: 'warning', rule: 'review-found', path: 'src/a.ts', message: 'A nicety.' },
    { severity: 'info', message: 'The model says: Not yet.. Spent: 1 steps.' },
  ])
})

it('GATE1-3 it points at no file that has not changed', async () => {
  const [found] = await judge({ ok: true, summary: '', spent: '', remarks: [{ ...remark, path: '../../etc/passwd' }] })
  expect(found).toMatchObject({ severity: 'error', message: '../../etc/passwd: It is wrong.' })
  expect(found).not.toHaveProperty('path')
})

it('GATE1-3 no opinion blocks', async () => {
  const findings = await judge({ ok: false, reason: 'the server was silent', spent: 'nothing' })
  expect(findings).toMatchObject([{ severity: 'error', rule: 'reviewer-error' }])
})
