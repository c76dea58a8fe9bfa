'use client'
import { useEffect, useRef, useState } from 'react'
import { type Option, type OptionGroup, Select } from '#components/form/choices.tsx'
import { useField } from '#components/form/form-context.ts'
import { isSought } from './words-rules.ts'

interface AreaSelectProps {
  readonly name: string
  readonly label: string
  readonly placeholder: string
  readonly options: readonly (Option | OptionGroup)[]
  /** The present and former names by which each option is found, by the option's value. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** The names that people write for the city after a place. */
  readonly city: readonly string[]
  readonly words: {
    readonly search: string
    readonly hint: string
    /** The number of options left; `{count}` is filled in here. */
    readonly left: string
    /** The only option left, as `{area}`. */
    readonly chosen: string
    readonly none: string
  }
}

/** Renders a long list of areas with a filter above it, absent without scripts. An only area left is chosen and announced. */
export function AreaSelect({ options, names, city, words, ...select }: AreaSelectProps) {
  const { id } = useField(select.name, false)
  const [sought, setSought] = useState({ typed: '', chosen: '' })
  const search = useRef<HTMLInputElement>(null)
  const list = () => document.getElementById(id) as HTMLSelectElement | null
  const fits = ({ value }: Option) => isSought(sought.typed, names[value] ?? [], city)
  const all = options.flatMap((entry) => ('options' in entry ? entry.options : [entry]))
  const found = sought.typed === '' ? [] : all.filter(fits)
  const only = found.length === 1 ? found[0] : undefined
  const seek = (text: string) => setSought({ typed: text.trim(), chosen: list()?.value ?? '' })

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was typed before this script ran.
  useEffect(() => {
    if (search.current?.value) seek(search.current.value)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: chosen as soon as it is the only one, and never again.
  useEffect(() => {
    const field = list()
    if (only && field) field.value = only.value
  }, [only?.value])

  const said = () => {
    if (sought.typed === '') return ''
    if (found.length === 0) return words.none
    return only
      ? words.chosen.replace('{area}', only.label)
      : words.left.replace('{count}', String(found.length))
  }
  return (
    <>
      <div className="field needs-script">
        <label htmlFor={`${id}-search`}>{words.search}</label>
        <div className="hint" id={`${id}-search-hint`}>
          {words.hint}
        </div>
        <input
          ref={search}
          className="control"
          id={`${id}-search`}
          type="search"
          autoComplete="off"
          aria-describedby={`${id}-search-hint`}
          aria-controls={id}
          onChange={({ currentTarget }) => seek(currentTarget.value)}
          // Enter would send the form with an area that the person has not seen.
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
            event.preventDefault()
            list()?.focus()
          }}
        />
        <p className="hint mt-2" role="status">
          {said()}
        </p>
      </div>
      <Select
        {...select}
        options={
          found.length === 0
            ? options
            : narrowed(options, [...found.map(({ value }) => value), sought.chosen])
        }
      />
    </>
  )
}

const narrowed = (
  options: AreaSelectProps['options'],
  values: readonly string[],
): AreaSelectProps['options'] =>
  options.flatMap((entry): readonly (Option | OptionGroup)[] => {
    if (!('options' in entry)) return values.includes(entry.value) ? [entry] : []
    const inside = entry.options.filter(({ value }) => values.includes(value))
    return inside.length === 0 ? [] : [{ ...entry, options: inside }]
  })
