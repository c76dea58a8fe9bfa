import { expect, test } from 'vitest'
import { tallyOf } from '../letters/rules.ts'
import { letterWords } from './letter-words.ts'

const { t } = letterWords()
const line = (order: string, imei: string, action: 'block' | 'unblock' = 'block') => ({ order, imei, action })
const asks = (lines: Parameters<typeof tallyOf>[0]) =>
  t('asks', { authority: 'Sở A', addressee: 'Nhà mạng B', ...tallyOf(lines) })
const about = (lines: Parameters<typeof tallyOf>[0]) => t('about', { ...tallyOf(lines) })

test('a letter counts orders and IMEIs apart, and names only what it asks for', () => {
  const block = [line('a', '1'), line('a', '2')]
  expect(asks(block)).toContain('thực hiện 1 lệnh chặn đối với 2 số IMEI trong phụ lục')
  expect(asks(block)).not.toContain('mở chặn')
  expect(about(block)).toBe('V/v chặn máy theo số IMEI')
  const unblock = [line('a', '1', 'unblock')]
  expect(asks(unblock)).toContain('thực hiện 1 lệnh mở chặn đối với 1 số IMEI')
  expect(asks(unblock)).not.toContain('hai người')
  expect(about(unblock)).toBe('V/v mở chặn máy theo số IMEI')
  const both = [...block, line('b', '3', 'unblock')]
  expect(asks(both)).toContain('2 lệnh, gồm 1 lệnh chặn và 1 lệnh mở chặn, đối với 3 số IMEI')
  expect(about(both)).toBe('V/v chặn, mở chặn máy theo số IMEI')
})
