import { expect, test } from 'vitest'
import { securityTxt } from './security-txt.ts'

test('the file names whom to write to, how it is answered, and an end within a year', () => {
  const now = new Date('2026-11-25T00:00:00Z')
  const about = {
    contact: 'mailto:lo-hong@antam.example',
    canonical: 'https://antam.example/.well-known/security.txt',
    policy: 'https://antam.example/bao-lo-hong',
    now,
  }
  expect(securityTxt(about)).toBe(`Contact: mailto:lo-hong@antam.example
Expires: 2027-05-24T00:00:00.000Z
Preferred-Languages: vi, en
Canonical: https://antam.example/.well-known/security.txt
Policy: https://antam.example/bao-lo-hong
`)
})
