'use client'
import { type FormEvent, useCallback, useMemo, useState } from 'react'
import { allValues, type RawForm } from '#lib/raw-form.ts'

type Errors = Readonly<Record<string, string>>

/**
 * Takes a fault away with the first right value, so that no field is red while it is right. A choice is right once it is
 * another one than the refused; of a text, rules say it (`mend`). A fault that went does not come back before the server
 * answers again.
 */
export function useMending(told: Errors, values: RawForm) {
  const [mended, setMended] = useState<{ readonly of: Errors; readonly names: readonly string[] }>({
    of: told,
    names: [],
  })
  const names = mended.of === told ? mended.names : NONE
  const mend = useCallback(
    (right: readonly string[]) =>
      setMended((before) => {
        const kept = before.of === told ? before.names : NONE
        const more = right.filter((name) => told[name] !== undefined && !kept.includes(name))
        return more.length === 0 ? before : { of: told, names: [...kept, ...more] }
      }),
    [told],
  )
  const errors = useMemo(
    () => Object.fromEntries(Object.entries(told).filter(([name]) => !names.includes(name))),
    [told, names],
  )
  const onChoice = useCallback(
    ({ target }: FormEvent<HTMLFormElement>) => {
      const field: unknown = target
      const isChosen =
        field instanceof HTMLSelectElement
          ? field.value !== ''
          : field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) && field.checked
      if (!isChosen) return
      const { name, value } = field as HTMLInputElement | HTMLSelectElement
      if (!allValues(values, name).includes(value)) mend([name])
    },
    [values, mend],
  )
  return { errors, mend, onChoice }
}

const NONE: readonly string[] = []
