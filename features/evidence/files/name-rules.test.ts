import { expect, test } from 'vitest'
import { cleanFileName, contentDisposition, downloadName } from './rules.ts'

test.each([
  ['hoá đơn.pdf', 'hoá đơn.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\lan\\hop.jpg', 'hop.jpg'],
  ['hop\r\nSet-Cookie: a=b.jpg', 'hop Set-Cookie: a=b.jpg'],
  ['hop%0D%0A%22may%22.jpg', 'hop "may".jpg'],
  ['anh\u202Egpj.exe', 'anhgpj.exe'],
  ['a\u0000b\u200B.png', 'ab.png'],
  ['Hoa\u0301 đơn.pdf', 'Hoá đơn.pdf'],
  ['  hộp   máy .jpg ', 'hộp máy .jpg'],
])('the name %j is read as %j', (input, expected) => {
  expect(cleanFileName(input)).toBe(expected)
})

test.each([undefined, '', '..', '../', ' \n ', '\u202E\u200B'])('nothing is left of the name %j', (input) => {
  expect(cleanFileName(input)).toBeNull()
})

test('a name of 500 characters keeps its beginning and its ending', () => {
  const name = cleanFileName(`${'ộ'.repeat(500)}.jpeg`) ?? ''
  expect([...name]).toHaveLength(120)
  expect(name).toMatch(/^ộ+…\.jpeg$/u)
})

test('a file is saved under an ending that fits its content', () => {
  expect(downloadName('hộp.JPG', 'image/jpeg')).toBe('hộp.JPG')
  expect(downloadName('hộp.exe', 'image/jpeg')).toBe('hộp.exe.jpg')
  expect(downloadName(null, 'application/pdf')).toBe('tep.pdf')
})

test('the header names a Vietnamese file, and no name can break out of it', () => {
  expect(contentDisposition('attachment', 'hoá đơn.pdf')).toBe(
    `attachment; filename="ho_ __n.pdf"; filename*=UTF-8''ho%C3%A1%20%C4%91%C6%A1n.pdf`,
  )
  expect(contentDisposition('inline', 'a"; x="\ud800.jpg')).toMatch(
    /^inline; filename="[^"\\]*"; filename\*=UTF-8''[\w%.-]+$/,
  )
})
