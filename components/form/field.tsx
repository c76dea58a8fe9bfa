'use client'
import {
  type HTMLInputAutoCompleteAttribute,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { FieldFrame, type FieldTexts } from './field-frame.tsx'
import { FilePicker } from './file-picker.tsx'
import { useField } from './form-context.ts'

/** Text types with their own attributes. A native date field would follow the browser's language, not the page's. */
const TYPED = {
  date: { inputMode: 'numeric', placeholder: 'dd/mm/yyyy', autoCapitalize: 'none', 'data-day': '' },
  code: { inputMode: 'numeric', autoComplete: 'one-time-code', 'data-width': 'short', 'data-look': 'number' },
} as const

interface FieldProps extends FieldTexts {
  /** `date`: a typed day such as `25/11/2026`. `code`: six digits from a message or an app. */
  readonly type?: 'text' | 'email' | 'tel' | 'password' | 'search' | keyof typeof TYPED
  readonly inputMode?: 'text' | 'numeric' | 'tel' | 'email'
  readonly autoComplete?: HTMLInputAutoCompleteAttribute
  readonly width?: 'full' | 'medium' | 'short'
  /** `number`: larger tabular figures, for numbers that people compare with a box or bill. */
  readonly look?: 'number'
  readonly placeholder?: string
  /** Focuses the field when the page opens, for scanners that type into the focused field. */
  readonly focused?: boolean
  /** The key that focuses the field, in the form of `aria-keyshortcuts`. */
  readonly shortcut?: string
  /** The id of a `datalist` in the page, for suggestions while typing. */
  readonly list?: string
  /** Shown below the control: how we understood the input. */
  readonly after?: ReactNode
}

/** Renders a one-line text field without `required` or `maxLength`: the server reports errors in the page's language. */
export function Field({
  type = 'text',
  inputMode,
  autoComplete = 'off',
  width = 'full',
  look,
  placeholder,
  focused = false,
  shortcut,
  list,
  after,
  ...texts
}: FieldProps) {
  const { id, value, aria } = useField(texts.name, texts.hint !== undefined)
  const typed = type === 'date' || type === 'code' ? TYPED[type] : null
  return (
    <FieldFrame {...texts} after={after}>
      <input
        className="control"
        id={id}
        name={texts.name}
        type={typed ? 'text' : type}
        inputMode={inputMode}
        autoComplete={autoComplete}
        autoCapitalize={type === 'text' || typed ? undefined : 'none'}
        spellCheck={false}
        placeholder={placeholder}
        defaultValue={type === 'password' ? '' : type === 'date' ? asWritten(value) : value}
        data-width={width}
        data-look={look}
        // biome-ignore lint/a11y/noAutofocus: only where the page is there for this one field.
        autoFocus={focused}
        aria-keyshortcuts={shortcut}
        list={list}
        {...typed}
        {...aria}
      />
    </FieldFrame>
  )
}

/** Formats a day as people in the city write it; returns any other text unchanged. */
const asWritten = (value: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? value.split('-').reverse().join('/') : value

export function TextArea({
  rows = 5,
  after,
  ...texts
}: FieldTexts & { readonly rows?: number; readonly after?: ReactNode }) {
  const { id, value, aria } = useField(texts.name, texts.hint !== undefined)
  const ref = useTypedEarly(id)
  return (
    <FieldFrame {...texts} after={after}>
      <textarea
        className="control"
        ref={ref}
        id={id}
        name={texts.name}
        rows={rows}
        defaultValue={value}
        {...aria}
      />
    </FieldFrame>
  )
}

interface FileInputProps extends FieldTexts {
  readonly accept: string
  /** Label while no file is chosen; the browser's own label is in the browser's language. */
  readonly pick: string
}

/** Renders a field for a small file that the page's action reads. Larger files go to a route handler through FileField. */
export function FileInput({ accept, pick, ...texts }: FileInputProps) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  const input = useRef<HTMLInputElement>(null)
  /** The chosen file's name; null until this script has run. */
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => {
    const form = input.current?.form
    const look = () => setChosen(input.current?.files?.[0]?.name ?? '')
    look()
    // The reset event fires before the form is emptied.
    const soon = () => setTimeout(look)
    form?.addEventListener('reset', soon)
    return () => form?.removeEventListener('reset', soon)
  }, [])
  return (
    <FieldFrame {...texts}>
      <FilePicker
        id={id}
        name={texts.name}
        accept={accept}
        input={input}
        onChange={({ currentTarget }) => setChosen(currentTarget.files?.[0]?.name ?? '')}
        aria={aria}
        words={chosen === null ? null : chosen || pick}
      />
    </FieldFrame>
  )
}

/** Renders a hidden field, such as an id. The server checks access to it again. */
export function HiddenField({ name, value }: { readonly name: string; readonly value: string }) {
  return <input type="hidden" name={name} value={value} />
}

const never = () => () => {}

const useHydrating = (): boolean =>
  useSyncExternalStore(
    never,
    () => false,
    () => true,
  )

/** Keeps text typed before the script ran, which React resets while hydrating (`initTextarea` of react-dom 19). */
function useTypedEarly(id: string): RefObject<HTMLTextAreaElement | null> {
  const hydrating = useHydrating()
  const [typed] = useState(() => {
    if (!hydrating || typeof document === 'undefined') return null
    const drawn = document.getElementById(id) as HTMLTextAreaElement | null
    return drawn?.value ?? null
  })
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (typed !== null && field.current) field.current.value = typed
  }, [typed])
  return field
}
