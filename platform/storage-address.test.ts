import { expect, test } from 'vitest'
import { storageAddress, storageName } from './storage-address.ts'

test.each([
  ['file:/var/lib/an-tam', '/var/lib/an-tam'],
  ['file:///var/lib/an-tam', '/var/lib/an-tam'],
  ['file:.data', '.data'],
])('%s is a folder', (url, path) => {
  expect(storageAddress(url)).toEqual({ kind: 'file', path })
})

test('a bucket has what its service needs, and its name is the same at any endpoint', () => {
  expect(storageAddress('s3://an-tam')).toEqual({
    kind: 's3',
    bucket: 'an-tam',
    prefix: '',
    endpoint: null,
    region: null,
    forcePathStyle: false,
  })
  const own = storageAddress(
    's3://an-tam/city/?endpoint=https://s3.city.vn:9000&region=hcm&forcePathStyle=true',
  )
  expect(own).toMatchObject({ prefix: 'city/', endpoint: 'https://s3.city.vn:9000', forcePathStyle: true })
  expect(own && storageName(own)).toBe('s3://an-tam/city/')
})

test.each([
  '',
  'file:',
  'file://host/path',
  '/var/lib/an-tam',
  'https://an-tam.s3.amazonaws.com',
  's3://',
  's3://An_Tam',
  's3://key:secret@an-tam',
  's3://an-tam/two words',
  's3://an-tam?endpoint=s3.city.vn',
  's3://an-tam?endpoint=https://key:secret@s3.city.vn',
  's3://an-tam?forcePathStyle=yes',
  's3://an-tam?secretAccessKey=x',
])('%j is no place for files', (url) => {
  expect(storageAddress(url)).toBeNull()
})
