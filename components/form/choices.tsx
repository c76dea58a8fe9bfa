'use client'
import type { ReactNode } from 'react'
import { KeyCap } from '../ui/key-cap.tsx'
import { FieldError, FieldFrame, type FieldTexts, GroupFrame } from './field-frame.tsx'
import { useField } from './form-context.ts'

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string
  /** Space-separated numbers of the fields after it that show only while it is chosen (`form.css`). */
  readonly leads?: string
  /** The physical key that chooses it (`KeyboardEvent.code`); radios only. */
  readonly press?: string | undefined
  /** Shown but not selectable; for selects and radios. */
  readonly disabled?: boolean
}

export interface OptionGroup {
  readonly label: string
  readonly options: readonly Option[]
}

export interface RadiosProps extends FieldTexts {
  readonly options: readonly Option[]
  /** Puts the options side by side, for answers of a word or two. */
  readonly row?: boolean
  /** The key that focuses the group, in the form of `aria-keyshortcuts`. */
  readonly shortcut?: string
}

/** Returns the letter or digit of a `KeyboardEvent.code` on a standard layout. */
const capOf = (press: string): string => press.replace(/^(Key|Digit)/, '')

/** Renders a choice of one option. The first row has the field's id, so that the error summary can link to it. */
export function Radios({ options, row = false, shortcut, ...texts }: RadiosProps) {
  const { id, value } = useField(texts.name, texts.hint !== undefined)
  const first = options.findIndex(({ disabled }) => !disabled)
  const choices = options.map((option, index) =>
    option.disabled ? (
      <span className="choice" data-off="" aria-disabled="true" key={option.value}>
        <s>{option.label}</s>
      </span>
    ) : (
      <label className="choice" key={option.value}>
        <input
          type="radio"
          id={index === first ? id : `${id}-${option.value}`}
          name={texts.name}
          value={option.value}
          defaultChecked={option.value === value}
          data-leads={option.leads}
          data-press={option.press}
          aria-keyshortcuts={
            [option.press && capOf(option.press), index === first ? shortcut : undefined]
              .filter(Boolean)
              .join(' ') || undefined
          }
        />
        {option.press ? <KeyCap of={capOf(option.press)} /> : null}
        <span>
          <b>{option.label}</b>
          {option.hint === undefined ? null : <small>{option.hint}</small>}
        </span>
      </label>
    ),
  )
  return (
    <GroupFrame {...texts} radios>
      {row ? <div className="choices-row">{choices}</div> : choices}
    </GroupFrame>
  )
}

export function Checkboxes({ options, ...texts }: FieldTexts & { readonly options: readonly Option[] }) {
  const { id, values, aria } = useField(texts.name, texts.hint !== undefined)
  return (
    <GroupFrame {...texts}>
      {options.map((option, index) => (
        <label className="choice" key={option.value}>
          <input
            type="checkbox"
            id={index === 0 ? id : `${id}-${option.value}`}
            name={texts.name}
            value={option.value}
            defaultChecked={values.includes(option.value)}
            data-leads={option.leads}
            aria-invalid={aria['aria-invalid']}
          />
          <span>
            <b>{option.label}</b>
            {option.hint === undefined ? null : <small>{option.hint}</small>}
          </span>
        </label>
      ))}
    </GroupFrame>
  )
}

interface CheckboxProps {
  readonly name: string
  readonly label: ReactNode
  readonly hint?: string
  /** The value sent when the box is ticked; several boxes may share a name. */
  readonly value?: string
  /** False for all but the first of several boxes that share a name; the error summary links to the first. */
  readonly first?: boolean
}

/** Renders a checkbox to agree to or choose one thing. Only the form's `initial` values tick it in advance. */
export function Checkbox({ name, label, hint, value = 'on', first = true }: CheckboxProps) {
  const { id, values, error, aria } = useField(name, false)
  return (
    <div className="field" data-invalid={error === undefined ? undefined : ''}>
      {first ? <FieldError name={name} /> : null}
      <label className="choice">
        <input
          type="checkbox"
          id={first ? id : `${id}-${value}`}
          name={name}
          value={value}
          defaultChecked={values.includes(value)}
          {...aria}
        />
        <span>
          <b>{label}</b>
          {hint === undefined ? null : <small>{hint}</small>}
        </span>
      </label>
    </div>
  )
}

interface SelectProps extends FieldTexts {
  readonly options: readonly (Option | OptionGroup)[]
  readonly placeholder?: string
  /** The key that focuses it, in the form of `aria-keyshortcuts`. */
  readonly shortcut?: string | undefined
}

/** Renders a select. Its key makes React recreate it after an answer; otherwise it would show its first option again. */
export function Select({ options, placeholder, shortcut, ...texts }: SelectProps) {
  const { id, value, aria } = useField(texts.name, texts.hint !== undefined)
  return (
    <FieldFrame {...texts}>
      <select
        className="control"
        id={id}
        name={texts.name}
        key={value}
        defaultValue={value}
        aria-keyshortcuts={shortcut}
        {...aria}
      >
        {placeholder === undefined ? null : <option value="">{placeholder}</option>}
        {options.map((entry) =>
          'options' in entry ? (
            <optgroup key={entry.label} label={entry.label}>
              {entry.options.map((option) => (
                <option key={option.value} value={option.value} disabled={option.disabled}>
                  {option.label}
                </option>
              ))}
            </optgroup>
          ) : (
            <option key={entry.value} value={entry.value} disabled={entry.disabled}>
              {entry.label}
            </option>
          ),
        )}
      </select>
    </FieldFrame>
  )
}
