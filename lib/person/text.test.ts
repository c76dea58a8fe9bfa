import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText } from './text.ts'

describe('cleanText', () => {
  it('keeps what was written', () => {
    const story = '  Tôi bị giật máy ở \u202engã tư\u202c 😢 =1+1 <b>\n'
    expect(cleanText(story, 100)).toEqual({ ok: true, value: story })
  })

  it('takes NUL and carriage returns', () => {
    expect(cleanText('a\0b\r\nc\rd\n', 10)).toEqual({ ok: true, value: 'ab\nc\nd\n' })
  })

  it('counts characters, not UTF-16 units or line ends', () => {
    expect(cleanText('😢\r\n😢', 3).ok).toBe(true)
    expect(cleanText('😢\r\n😢', 2)).toEqual({ ok: false, error: 'too_long' })
    expect(cleanText('', 0)).toEqual({ ok: true, value: '' })
  })

  it('gives itself again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\0', 'ộ', '😢') }), (text) => {
        const clean = cleanText(text, Number.POSITIVE_INFINITY)
        if (!clean.ok) throw new Error('refused without a limit')
        expect(clean.value).not.toMatch(/[\0\r]/)
        expect(cleanText(clean.value, Number.POSITIVE_INFINITY)).toEqual(clean)
      }),
    )
  })
})
