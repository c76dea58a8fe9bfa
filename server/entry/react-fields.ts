import '#server-only'
import type { Fields } from './written-form.ts'

/**
 * Whether a form sent without a script holds what React writes into ours, and nothing else of React's: which action it
 * is for (`$ACTION_n:0`), and the state it was in (`$ACTION_n:1`, of `useActionState`). Both travel in hidden fields
 * that anybody can edit, and Next answers what it cannot read with an empty 500. May throw on what is no JSON.
 */
export function isActionForm(form: Fields): boolean {
  const names = [...form.keys()]
  const [reference] = names.flatMap((name) => /^\$ACTION_REF_(\d+)$/.exec(name)?.[1] ?? [])
  if (reference === undefined) return false
  const action = `$ACTION_${reference}:0`
  const state = `$ACTION_${reference}:1`
  const known = [`$ACTION_REF_${reference}`, action, state, '$ACTION_KEY']
  if (!names.every((name) => !name.startsWith('$ACTION_') || known.includes(name))) return false
  return isAction(read(form, action)) && isState(read(form, state))
}

/**
 * The same for a form that React sent from a script: an action's two arguments, its state and `$K1`, which are the
 * fields that begin with `_1_`.
 */
export function isScriptForm(form: Fields): boolean {
  if (![...form.keys()].every((name) => name === '0' || name.startsWith('_1_'))) return false
  const args = read(form, '0')
  return Array.isArray(args) && args.length === 2 && args[1] === '$K1' && isState(args.slice(0, 1))
}

function read(form: Fields, name: string): unknown {
  const [text, ...more] = form.get(name) ?? []
  return typeof text === 'string' && more.length === 0 ? JSON.parse(text) : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAction = (value: unknown): boolean =>
  isRecord(value) && typeof value.id === 'string' && value.bound === '$@1'

/** A list of the state alone. */
const isState = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 1 && isRecord(value[0]) && isPlain(value[0])

/** React's own types and references begin with one `$`; what somebody typed with a `$` has two by then. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string'
    ? !/^\$(?!\$)/.test(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(isPlain)
