import { describe, expect, it } from 'vitest'
import { parseTacLine } from './tac.ts'

const parse = (text: string, number = 2) => parseTacLine({ number, text })

describe('parseTacLine', () => {
  it.each([
    ['35999901,Example Phones,One', ['35999901', 'Example Phones', 'One']],
    ['35999902,"Example, Inc.","Two 5.5"" (X)"', ['35999902', 'Example, Inc.', 'Two 5.5" (X)']],
    ['35999904,Example,', ['35999904', 'Example', '']],
    ['35999903, Example  Phones ,\u200bThree\r', ['35999903', 'Example Phones', 'Three']],
  ])('reads %j', (text, [tac, manufacturer, model]) => {
    expect(parse(text)).toEqual({ ok: true, value: { tac, manufacturer, model } })
  })

  it.each([
    ['', 'blank'],
    ['35999901,Example', 'columns'],
    ['35999901,Example,One,More', 'columns'],
    ['35999901,"Example,One', 'quotes'],
    ['35999901,Exam"ple,One', 'quotes'],
    ['3599990,Example,One', 'tac'],
    ['3599990X,Example,One', 'tac'],
    ['35999901,,One', 'manufacturer'],
    [`35999901,Example,${'x'.repeat(201)}`, 'model'],
    ['TAC,Manufacturer,Model', 'tac'],
  ])('refuses %j for its %s', (text, error) => {
    expect(parse(text)).toEqual({ ok: false, error })
  })

  it('knows the header by its place', () => {
    expect(parse('TAC,Manufacturer,Model', 1)).toEqual({ ok: false, error: 'header' })
  })
})
