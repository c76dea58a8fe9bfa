import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = 'docs/adr'

const records = readdirSync(FOLDER)
  .filter((name) => /^\d{4}-/.test(name))
  .toSorted()
  .map((name) => ({
    name,
    number: Number(name.slice(0, 4)),
    text: readFileSync(`${FOLDER}/${name}`, 'utf8'),
  }))

/** Reads the head of a record: `# 3. Title`, then `Date: 2026-11-24. Status: accepted.` */
function headOf(text: string) {
  const [, number, title] = /^# (\d+)\. (.+)\n/.exec(text) ?? []
  const [, date, status] = /^Date: (\d{4}-\d\d-\d\d)\. Status: ([\s\S]+?)\.\n\n/m.exec(text) ?? []
  return { number: Number(number), title, date, status: status?.replace(/\s+/g, ' ') }
}

/** The most words that a page may have, without its tables. */
const A_PAGE = 650
const wordsOf = (text: string): number =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('|'))
    .join(' ')
    .split(/\s+/).length

test('every decision record has the one template', () => {
  const faults = records.flatMap(({ name, number, text }) => {
    const head = headOf(text)
    const sections = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    return [
      ...(head.number === number && head.title ? [] : [`${name}: begins with "# ${number}. Title"`]),
      ...(head.date ? [] : [`${name}: has no line "Date: YYYY-MM-DD. Status: accepted."`]),
      ...(['accepted', 'superseded', 'proposed'].some((one) => head.status?.startsWith(one))
        ? []
        : [`${name}: its status is accepted, superseded or proposed`]),
      ...(head.status?.startsWith('superseded') && !/\]\(\d{4}-/.test(head.status)
        ? [`${name}: says by which record it is superseded`]
        : []),
      ...(wordsOf(text) <= A_PAGE ? [] : [`${name}: is longer than a page, ${wordsOf(text)} words`]),
      ...(sections.join() === 'Context,Decision,Consequences'
        ? []
        : [`${name}: has the sections Context, Decision, Consequences, not ${sections.join()}`]),
    ]
  })
  expect(faults).toEqual([])
})

test('a record that amends or supersedes another is named by it', () => {
  const statusOf = (name: string) => headOf(records.find((one) => one.name === name)?.text ?? '').status ?? ''
  const faults = records.flatMap(({ name, text }) => {
    const [, amends = ''] = /(?:Amends|Supersedes) (.+)/i.exec(headOf(text).status ?? '') ?? []
    const targets = [...amends.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, target = '']) => target)
    return targets
      .filter((target) => !statusOf(target).includes(`(${name})`))
      .map((target) => `${target}: its status does not name ${name}`)
  })
  expect(faults).toEqual([])
})

test('the record of libraries names each package of package.json, by its major version, and no other', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  )
  const versions: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies }
  const named = readFileSync(`${FOLDER}/0001-libraries.md`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`(?: (\d+))?/g)])
    // A row may name a file of ours instead of a package.
    .filter(([, name = '']) => !name.endsWith('.sql'))
  const names = new Set(named.map(([, name]) => name))
  expect([...names].toSorted()).toEqual(
    Object.keys(versions)
      .filter((name) => !name.startsWith('@types/'))
      .toSorted(),
  )
  for (const [, name = '', major] of named)
    if (major !== undefined) expect(versions[name], name).toMatch(new RegExp(`^${major}\\.`))
})

test('docs/adr/README.md lists them (write it with: npx vitest run --project unit tests/decisions -u)', async () => {
  const numbers = records.map(({ number }) => number)
  const unused = Array.from({ length: Math.max(...numbers) }, (_, index) => index + 1).filter(
    (number) => !numbers.includes(number),
  )
  const rows = records.map(({ name, text }) => {
    const { number, title, date, status } = headOf(text)
    return `| ${number} | [${title}](${name}) | ${date} | ${status} |`
  })
  const index = `# Decisions

A record says why something is as it is: context, decision, consequences, a page (650 words) at most. Copy [template.md](template.md),
take the next number, and write in short sentences. Its title and the name of its file say what a reader would search for. A
record that is no longer true is amended with a date, or superseded: its status then says by which. Numbers ${unused.join(', ')}
are free: never used, or merged into another record.

| | decision | date | status |
|---|---|---|---|
${rows.join('\n')}
`
  await expect(index).toMatchFileSnapshot('../docs/adr/README.md')
})
