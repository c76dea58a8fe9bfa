/**
 * Whether a form holds what React writes into ours, and nothing else of React's: which action it is for, and the state
 * it was in (`useActionState`). Both travel in hidden fields that anybody can edit, and Next answers what it
 * cannot read with an empty 500. May throw on what is no JSON.
 *
 * @param fromScript React in the browser sends `0` = `[state, form]` and the fields as `1_NAME`; without a script it is
 *   `$ACTION_n:0` = the action, `$ACTION_n:1` = `[state]`, and the fields by their names
 */
export function isActionForm(form: FormData, fromScript: boolean): boolean {
  const names = [...new Set(form.keys())]
  if (fromScript) {
    return names.every((name) => name === '0' || name.startsWith('1_')) && isState(read(form, '0'), ['$K1'])
  }
  const [reference] = names.flatMap((name) => /^\$ACTION_REF_(\d+)$/.exec(name)?.[1] ?? [])
  if (reference === undefined) return false
  const action = `$ACTION_${reference}:0`
  const state = `$ACTION_${reference}:1`
  const known = [`$ACTION_REF_${reference}`, action, state, '$ACTION_KEY']
  if (!names.every((name) => !name.startsWith('$ACTION_') || known.includes(name))) return false
  return isAction(read(form, action)) && isState(read(form, state), [])
}

function read(form: FormData, name: string): unknown {
  const [text, ...more] = form.getAll(name)
  return typeof text === 'string' && more.length === 0 ? JSON.parse(text) : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAction = (value: unknown): boolean =>
  isRecord(value) && typeof value.id === 'string' && value.bound === '$@1'

/** A list of the state and what follows it. */
const isState = (value: unknown, rest: readonly string[]): boolean =>
  Array.isArray(value) &&
  value.length === 1 + rest.length &&
  isRecord(value[0]) &&
  isPlain(value[0]) &&
  rest.every((one, index) => value[index + 1] === one)

/** React's own types and references begin with one `$`; what somebody typed with a `$` has two by then. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string'
    ? !/^\$(?!\$)/.test(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(isPlain)
