import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import seeded from '#cities/viet-nam/questions.json' with { type: 'json' }
import { optionRows, readQuestion } from '../questions/form-rules.ts'
import { asAsked, askedTree, QUESTION_KINDS, type Question, questionsSchema } from '../questions/rules.ts'
import {
  DEPENDENTS_MAX,
  draftProblems,
  moveQuestion,
  nextKey,
  oneLanguageEdits,
  possibleParents,
  putQuestion,
  questionChanges,
  REQUIRED_MAX,
  removeQuestion,
} from './draft-rules.ts'

const first = questionsSchema.parse(seeded.questions)
const named = (wanted: string): Question => {
  const question = first.find(({ key }) => key === wanted)
  if (!question) throw new Error(`there is no ${wanted}`)
  return question
}
const published = [{ version: 1, legalBasis: 'NĐ 61/2018', questions: first }]
const problems = (questions: readonly Question[], legalBasis = 'NĐ 61/2018') =>
  draftProblems({ legalBasis, questions }, published).map(({ code, key }) => (key ? `${code} ${key}` : code))
const change = (key: string, more: Partial<Question>) =>
  first.map((question) => (question.key === key ? { ...question, ...more } : question))
const added: Question = {
  key: 'q1',
  kind: 'several',
  required: false,
  vi: 'Ông/bà đã dùng những cách nào?',
  en: 'Which of these did you use?',
  options: [
    { code: 'web', vi: 'Trang mạng', en: 'Web site' },
    { code: 'desk', vi: 'Tại quầy', en: 'Counter' },
  ],
  source: '',
}

describe('a draft', () => {
  test('may be published once it differs and nothing is missing', () => {
    expect(problems(first)).toEqual(['unchanged'])
    expect(problems([...first, added])).toEqual([])
  })

  test('keeps the question of the headline as it was', () => {
    expect(problems(first.filter(({ key }) => key !== 'r1'))).toEqual(['headline_missing'])
    for (const more of [{ required: false }, { options: named('r1').options.slice(1) }]) {
      expect(problems(change('r1', more))).toEqual(['headline_changed r1'])
    }
    expect(problems(change('r1', { vi: 'Nhìn chung, ông/bà có hài lòng không?' }))).toEqual([])
  })

  test('is told everything that is wrong with it', () => {
    expect(
      problems([...change('r2', { en: ' ', kind: 'several' }), { ...added, options: [] }, added], ' '),
    ).toEqual(['words_missing r2', 'kind_changed r2', 'options_few q1', 'key_repeated q1', 'basis_missing'])
    const many = Array.from({ length: REQUIRED_MAX + 9 }, (_, n) => ({
      ...added,
      key: `q${n}`,
      required: true,
    }))
    expect(problems([...first, ...many])).toEqual(['required_many', 'questions_many'])
  })

  test('takes, moves and loses questions without losing others', () => {
    const key = fc.constantFrom(...first.map((question) => question.key))
    const edit = fc.oneof(
      key.map((one) => (questions: readonly Question[]) => moveQuestion(questions, one, 'up')),
      key.map((one) => (questions: readonly Question[]) => moveQuestion(questions, one, 'down')),
      key.map(
        (one) => (questions: readonly Question[]) => putQuestion(questions, { ...named(one), source: 'x' }),
      ),
    )
    const keys = (questions: readonly Question[]) => questions.map((question) => question.key).toSorted()
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
        const edited = edits.reduce((questions, one) => one(questions), first as readonly Question[])
        expect(keys(edited)).toEqual(keys(first))
        // Required questions stay before the others, after any move.
        expect(asAsked(edited).map(({ required }) => required)).toEqual(first.map(({ required }) => required))
        expect(questionsSchema.safeParse(edited).success).toBe(true)
      }),
    )
    expect(removeQuestion(first, 'r2')).toHaveLength(first.length - 1)
    expect(removeQuestion(first, 'r1')).toEqual(first)
    expect(moveQuestion(first, 'r6', 'down')).toEqual(first)
    expect(nextKey([{ questions: first }])).toBe('q1')
    expect(nextKey([{ questions: [{ ...added, key: 'q9' }] }, { questions: first }])).toBe('q10')
  })
})

describe('a question that depends on an answer', () => {
  const led = (parent: string, ...codes: string[]) => ({ ...added, shownIf: { key: parent, codes } })
  const problemsWith = (...more: readonly Question[]) => problems([...first, ...more])

  test('stands behind the one it depends on, and moves among its like', () => {
    const second = { ...led('r1', '2'), key: 'q2' }
    const questions = [led('r1', '1'), second, ...first]
    expect(askedTree(questions)[0]).toMatchObject({
      number: '1',
      question: { key: 'r1' },
      dependents: [
        { number: '1a', question: { key: 'q1' } },
        { number: '1b', question: { key: 'q2' } },
      ],
    })
    const keys = (of: readonly Question[]) => asAsked(of).map(({ key }) => key)
    expect(keys(moveQuestion(questions, 'q2', 'up')).slice(0, 4)).toEqual(['r1', 'q2', 'q1', 'r2'])
    expect(keys(moveQuestion(questions, 'q1', 'up'))).toEqual(keys(questions))
    expect(keys(moveQuestion(questions, 'r2', 'up')).slice(0, 4)).toEqual(['r2', 'r1', 'q1', 'q2'])
  })

  test('is published only where its question is there, one level up, with those answers', () => {
    expect(problemsWith(led('r1', '1', '2'))).toEqual([])
    expect(problemsWith(led('r1', '6'))).toEqual(['condition_broken q1'])
    expect(problemsWith(led('gone', '1'))).toEqual(['condition_broken q1'])
    expect(problemsWith(led('q1', 'web'))).toEqual(['condition_broken q1'])
    expect(problemsWith({ ...led('r1', '1'), required: true })).toEqual(['condition_broken q1'])
    expect(problemsWith(led('r1', '1'), { ...led('q1', 'web'), key: 'q2' })).toEqual(['condition_broken q2'])
    const many = Array.from({ length: DEPENDENTS_MAX + 1 }, (_, n) => ({ ...led('r1', '1'), key: `q${n}` }))
    expect(problemsWith(...many)).toEqual(['dependents_many r1'])
    // The number of people asked would reveal a sensitive answer before it is public.
    const sensitive = first.find(({ kind }) => kind === 'sensitive')
    if (!sensitive) throw new Error('no question is sensitive')
    const one = led(sensitive.key, sensitive.options[0]?.code ?? '')
    expect(problemsWith(one)).toEqual(['condition_delicate q1'])
    expect(problemsWith({ ...one, kind: 'sensitive' })).toEqual([])
  })

  test('is never lost from the form of any draft', () => {
    const keys = ['r1', 'r2', 'q1', 'q2', 'q3']
    const condition = fc.option(
      fc.record({ key: fc.constantFrom(...keys, 'gone'), codes: fc.constant<string[]>(['1']) }),
      { nil: undefined },
    )
    fc.assert(
      fc.property(fc.array(condition, { minLength: 5, maxLength: 5 }), (conditions) => {
        const questions = keys.map((key, at): Question => {
          const shownIf = conditions[at]
          return { ...added, key, ...(shownIf && { shownIf }) }
        })
        expect(
          asAsked(questions)
            .map(({ key }) => key)
            .toSorted(),
        ).toEqual(keys.toSorted())
      }),
    )
  })

  test('is read from the answers of one question alone', () => {
    const typed = { vi: 'Vì sao?', en: 'Why?' }
    const late = named('r2').options[0]?.code ?? ''
    const read = (more: Record<string, string | string[]>, key = 'q1') => {
      const question = readQuestion({ ...typed, ...more }, { key, kind: 'text' }, first)
      return question.ok ? question.value.shownIf : question.error
    }
    expect(read({ shownIf_r1: ['2', '1', 'unknown'] })).toEqual({ key: 'r1', codes: ['1', '2'] })
    expect(read({})).toBeUndefined()
    expect(read({ shownIf_r1: '1', shownIf_r2: late })).toEqual({ shownIf_r2: 'condition.two' })
    expect(read({ shownIf_r1: '1', required: 'yes' })).toEqual({ required: 'condition.required' })
    // A question may not depend on itself, nor on any other while others depend on it.
    expect(read({ shownIf_r2: late }, 'r2')).toBeUndefined()
    expect(possibleParents([...first, led('e1', 'x')], 'e1')).toEqual([])
  })

  test('is a change that names the answers', () => {
    const before = [...first, added]
    const changes = questionChanges(before, [...first, led('r1', '1')])
    expect(changes).toMatchObject([
      { kind: 'condition', after: { parent: { key: 'r1' }, options: [{ code: '1' }] } },
    ])
    expect(questionChanges([...first, led('r1', '1')], before)).toMatchObject([
      { kind: 'condition', after: null },
    ])
  })
})

describe('the form of a question', () => {
  const typed = {
    vi: ' Câu\n hỏi? ',
    en: 'Question?',
    optionVi1: 'Có',
    optionEn1: 'Yes',
    optionVi2: 'Không',
    optionEn2: 'No',
  }
  const read = (more: Record<string, string>, kind: Question['kind'] = 'single') => {
    const question = readQuestion({ ...typed, ...more }, { key: 'q1', kind }, first)
    return question.ok ? question.value : question.error
  }

  test('is read, its options in their order and with codes that say what they are', () => {
    expect(
      read({
        required: 'yes',
        optionOrder1: '2',
        optionOrder2: '1',
        optionVi3: 'Không rõ',
        optionEn3: 'Not sure',
      }),
    ).toEqual({
      key: 'q1',
      kind: 'single',
      required: true,
      vi: 'Câu hỏi?',
      en: 'Question?',
      source: '',
      options: [
        { code: 'no', vi: 'Không', en: 'No' },
        { code: 'yes', vi: 'Có', en: 'Yes' },
        { code: 'not_sure', vi: 'Không rõ', en: 'Not sure' },
      ],
    })
    expect(read({ optionCode1: 'kept' })).toMatchObject({ options: [{ code: 'kept' }, { code: 'no' }] })
  })

  test('names every fault beside its field', () => {
    expect(read({ vi: '', en: 'á'.repeat(301), optionEn1: '', optionVi2: '', optionEn2: '' })).toEqual({
      vi: 'words.empty',
      en: 'words.too_long',
      optionEn1: 'words.empty',
      optionVi2: 'option.few',
    })
    expect(read({ optionVi2: 'Có' })).toEqual({ optionVi2: 'option.repeated' })
    expect(read({ optionCode1: '1' }, 'satisfaction')).toMatchObject({ optionVi2: 'option.scale' })
    expect(read({}, 'text')).toMatchObject({ options: [] })
  })

  test('gives back every question that it shows', () => {
    for (const question of first) {
      const rows = optionRows(question).flatMap(({ code, vi, en }, at): [string, string][] => [
        [`optionCode${at + 1}`, code],
        [`optionOrder${at + 1}`, String(at + 1)],
        [`optionVi${at + 1}`, vi],
        [`optionEn${at + 1}`, en],
      ])
      const { vi, en, source, sourceEn = '', required } = question
      const shown = { vi, en, source, sourceEn, required: required ? 'yes' : '', ...Object.fromEntries(rows) }
      expect(readQuestion(shown, question, first)).toEqual({ ok: true, value: question })
    }
  })

  test('never makes a question that its version could not hold', () => {
    const words = fc.stringMatching(/^[a-zA-Zđệ _!]{0,25}$/)
    const fields = fc.dictionary(fc.stringMatching(/^(vi|en|option(Vi|En|Code|Order)[1-5])$/), words, {
      maxKeys: 20,
    })
    fc.assert(
      fc.property(fields, fc.constantFrom(...QUESTION_KINDS), (some, kind) => {
        const question = readQuestion({ ...typed, ...some }, { key: 'q1', kind }, first)
        if (question.ok) expect(questionsSchema.safeParse([question.value]).error).toBeUndefined()
      }),
    )
  })
})

describe('what changed', () => {
  const kinds = (after: readonly Question[]) =>
    questionChanges(first, after).map((one) => `${one.kind} ${one.question.key}`)

  test('is named question by question', () => {
    const [early, ontime, late, ...others] = named('r2').options
    const options = [ontime, early, late && { ...late, vi: 'Trễ' }, added.options[0]].filter((one) => !!one)
    const after = [...change('r2', { options, vi: 'Khác?' }).filter(({ key }) => key !== 'e6'), added]
    const changes = questionChanges(first, after)
    expect(kinds(after)).toEqual(['reworded r2', 'options r2', 'added q1', 'removed e6'])
    expect(changes[1]).toMatchObject({
      added: [{ code: 'web' }],
      removed: others,
      reworded: [{ after: { vi: 'Trễ' } }],
      reordered: true,
    })
  })

  test('an edit of one language names the other', () => {
    const [early, ...others] = named('r2').options
    if (!early) throw new Error('r2 has no options')
    const edits = (after: readonly Question[]) =>
      oneLanguageEdits(questionChanges(first, after)).map(({ question, unchanged }) => [
        question.key,
        unchanged,
      ])
    expect(edits(change('e3', { vi: 'Câu khác?' }))).toEqual([['e3', 'en']])
    expect(edits(change('e3', { vi: 'Câu khác?', en: 'Another question?' }))).toEqual([])
    const options = [{ ...early, en: 'Sooner' }, ...others]
    expect(edits(change('r2', { options, vi: 'Khác?' }))).toEqual([
      ['r2', 'en'],
      ['r2', 'vi'],
    ])
    expect(edits([...first, added])).toEqual([])
  })

  test('one question taken to the top is one move', () => {
    const r6 = named('r6')
    expect(kinds([r6, ...first.filter((question) => question !== r6)])).toEqual(['moved r6'])
    expect(kinds(change('e1', { required: true }))).toEqual(['required e1'])
  })

  test('is nothing exactly when the form is the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(first), (after) => {
        const same = JSON.stringify(asAsked(after)) === JSON.stringify(asAsked(first))
        const changes = questionChanges(first, after)
        expect(changes.length === 0).toBe(same)
        const removed = changes.filter(({ kind }) => kind === 'removed')
        expect(removed).toHaveLength(first.length - after.length)
      }),
    )
  })
})
