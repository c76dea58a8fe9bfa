import { expect, test } from 'vitest'
import { keptWhenCutOff } from './kept-action.ts'

const KEY = '0b8f6a52-4a27-4a4e-9b57-8d0e4f6a1c11'

function sent(): FormData {
  const data = new FormData()
  for (const [name, value] of [
    ['submitKey', KEY],
    ['act', 'request_info'],
    ['reason', 'Xin gửi thêm ảnh hóa đơn.'],
    ['chosen', 'a'],
    ['chosen', 'b'],
    ['otp', '123456'],
    ['$ACTION_ID_1', ''],
  ] as const)
    data.append(name, value)
  data.append('evidence', new File(['x'], 'x.jpg'))
  return data
}

const failing = (error: unknown) => () => Promise.reject(error)

test('a form whose connection broke off says so, with what was typed and its key, and no code or file', async () => {
  const before = { values: {}, errors: {} }
  const kept = keptWhenCutOff(failing(new TypeError('Failed to fetch')), 'Mất kết nối')
  expect(await kept(before, sent())).toEqual({
    values: { submitKey: KEY, act: 'request_info', reason: 'Xin gửi thêm ảnh hóa đơn.', chosen: ['a', 'b'] },
    errors: {},
    notice: 'Mất kết nối',
    submitKey: KEY,
  })
})

test('what the server throws goes on: a redirect, and a failure of ours', async () => {
  for (const digest of ['NEXT_REDIRECT;push;/x;303;', '2841']) {
    const error = Object.assign(new Error('thrown'), { digest })
    await expect(keptWhenCutOff(failing(error), '')({ values: {}, errors: {} }, sent())).rejects.toBe(error)
  }
})
