'use client'
import { useEffect, useRef, useState } from 'react'

const boxesIn = (form: HTMLFormElement | null | undefined, name: string): HTMLInputElement[] =>
  form ? [...form.querySelectorAll<HTMLInputElement>(`input[type="checkbox"][name="${name}"]`)] : []

/** Renders a box that ticks every row of its form's list. Also makes a Shift press tick all rows between two presses. */
export function TickAll({ name, words }: { readonly name: string; readonly words: string }) {
  const all = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const form = all.current?.form
    let last: HTMLInputElement | null = null
    const show = () => {
      const boxes = boxesIn(form, name)
      const ticked = boxes.filter(({ checked }) => checked).length
      if (!all.current) return
      all.current.checked = ticked > 0 && ticked === boxes.length
      all.current.indeterminate = ticked > 0 && ticked < boxes.length
    }
    const pressed = (event: MouseEvent) => {
      const { target } = event
      if (!(target instanceof HTMLInputElement) || target.name !== name) return
      const boxes = boxesIn(form, name)
      const [from, to] = [last ? boxes.indexOf(last) : -1, boxes.indexOf(target)]
      last = target
      if (event.shiftKey && from >= 0)
        for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1))
          box.checked = target.checked
      form?.dispatchEvent(new Event('change', { bubbles: true }))
    }
    show()
    form?.addEventListener('change', show)
    form?.addEventListener('click', pressed)
    return () => {
      form?.removeEventListener('change', show)
      form?.removeEventListener('click', pressed)
    }
  }, [name])
  return (
    <label className="needs-script grid min-h-6 min-w-6 place-items-center">
      <input
        ref={all}
        type="checkbox"
        className="size-5 accent-teal"
        data-tick-all=""
        aria-label={words}
        onChange={({ currentTarget: { form, checked } }) => {
          for (const box of boxesIn(form, name)) box.checked = checked
          form?.dispatchEvent(new Event('change', { bubbles: true }))
        }}
      />
    </label>
  )
}

export function Ticked({
  name,
  words,
}: {
  readonly name: string
  /** `{count}` and `{all}` are placeholders for numbers. */
  readonly words: { readonly none: string; readonly some: string }
}) {
  const place = useRef<HTMLSpanElement>(null)
  const [{ count, all }, setTicked] = useState({ count: 0, all: 0 })
  useEffect(() => {
    const form = place.current?.closest('form')
    const show = () => {
      const boxes = boxesIn(form, name)
      setTicked({ count: boxes.filter(({ checked }) => checked).length, all: boxes.length })
    }
    show()
    form?.addEventListener('change', show)
    return () => form?.removeEventListener('change', show)
  }, [name])
  return (
    <span ref={place} role="status" data-ticked={count}>
      {count === 0 ? words.none : words.some.replace('{count}', String(count)).replace('{all}', String(all))}
    </span>
  )
}
