import { expect, test } from 'vitest'
import { staleFormRedirect } from './stale-form.ts'

test.each([
  ['/bao-mat-may', '/bao-mat-may?renewed=1'],
  ['/quan-tri/ho-so?state=blocked', '/quan-tri/ho-so?state=blocked&renewed=1'],
  ['/bao-mat-may?renewed=1', '/bao-mat-may?renewed=1'],
  ['//evil.example/x', '/?renewed=1'],
  ['/.//evil.example', '/?renewed=1'],
  ['https://evil.example/', '/?renewed=1'],
])('%s is opened anew as %s', (path, opened) => {
  expect(staleFormRedirect(path)).toBe(opened)
})
