import { describe, expect, test } from 'vitest'
import { findPage, missingPath, pageOf, pathFor, splitLocale, translatePath } from './paths.ts'

describe('the path of a page', () => {
  test.each([
    ['vi', '/', '/'],
    ['en', '/', '/en'],
    ['vi', '/report', '/bao-mat-may'],
    ['en', '/report', '/en/report'],
    ['vi', '/report/phone', '/bao-mat-may/dien-thoai'],
    ['vi', '/admin/cases/new', '/quan-tri/ho-so/moi'],
  ] as const)('in %s of %s is %s', (locale, route, path) => {
    expect(pathFor(locale, route)).toBe(path)
  })

  test('carries parameters, query and hash, each written safely', () => {
    const route = {
      pathname: '/track/[number]',
      params: { number: 'a/b?c' },
      query: { q: 'x y', none: undefined },
    } as const
    expect(pathFor('vi', { ...route, hash: 'reply' })).toBe('/ho-so/a%2Fb%3Fc?q=x+y#reply')
  })
})

describe('the page of a path', () => {
  test.each([
    ['/', '/'],
    ['/ho-so', '/track'],
    ['/ho-so/HCM-7K3Q', '/track/[number]'],
    ['/track/HCM-7K3Q', '/track/[number]'],
    ['/quan-tri/ho-so/moi', '/admin/cases/new'],
    ['/quan-tri/ho-so/HCM-7K3Q/in', '/admin/cases/[number]/print'],
  ])('%s is %s', (path, page) => {
    expect(pageOf(path)).toBe(page)
  })

  test.each(['/khong-co', '/bao-mat-may/khong-co', '/ho-so/a/b', '/ho-so//', '/HO-SO', '/[locale]'])(
    '%s is none',
    (path) => {
      expect(pageOf(path)).toBeNull()
    },
  )

  test('where a missing record leads is no page, in either language', () => {
    for (const locale of ['vi', 'en'] as const)
      expect(pageOf(splitLocale(missingPath(locale)).rest)).toBeNull()
  })
})

describe('the language switch', () => {
  test.each([
    ['/ho-so/HCM-7K3Q', 'en', '/en/track/HCM-7K3Q'],
    ['/en/track/HCM-7K3Q', 'vi', '/ho-so/HCM-7K3Q'],
    ['/', 'en', '/en'],
    ['/en', 'vi', '/'],
    ['/bao-mat-may/giay-to', 'en', '/en/report/evidence'],
    ['/khong-co', 'en', '/en'],
  ] as const)('leads from %s in %s to %s', (path, to, expected) => {
    expect(translatePath(path, to)).toBe(expected)
  })
})

describe('a path that somebody asked for', () => {
  test.each([
    ['/', '/', '/vi'],
    ['/vi', '/', '/vi'],
    ['/en/', '/en', '/en'],
    ['/ho-so/HCM-7K3Q', '/ho-so/HCM-7K3Q', '/vi/track/HCM-7K3Q'],
    ['/ho-so/HCM-7K3Q/', '/ho-so/HCM-7K3Q', '/vi/track/HCM-7K3Q'],
    ['/vi/track/a%2Fb', '/ho-so/a%2Fb', '/vi/track/a%2Fb'],
    ['/en/ho-so/$&', '/en/track/$&', '/en/track/$&'],
    ['/quan-tri/ho-so/moi', '/quan-tri/ho-so/moi', '/vi/admin/cases/new'],
  ])('%s is written %s and stands in %s', (path, canonical, folder) => {
    expect(findPage(path)).toMatchObject({ canonical, folder })
    expect(findPage(canonical)).toMatchObject({ canonical, folder })
  })

  test('may mean no page', () => {
    expect(findPage('/khong-co')).toBeNull()
    expect(findPage('/constructor')).toBeNull()
  })
})
