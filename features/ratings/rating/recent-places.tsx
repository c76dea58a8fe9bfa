'use client'
import { useEffect, useState } from 'react'

/** The agencies rated on this device, which only the browser keeps. A kiosk is shared and remembers none. */
const RATED = 'antam-rated'
/** The agency whose form is open in this tab: the thank-you page knows only a number. */
const OPEN = 'antam-open'
const MOST_REMEMBERED = 5

interface Place {
  readonly id: string
  readonly vi: string
  readonly en: string
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'vi', 'en'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string')

function read(store: Storage, name: string): unknown {
  try {
    return JSON.parse(store.getItem(name) ?? 'null')
  } catch {
    return null
  }
}

const rated = (): Place[] => {
  const kept = read(localStorage, RATED)
  return Array.isArray(kept) ? kept.filter(isPlace).slice(0, MOST_REMEMBERED) : []
}

/** Runs work on the storage, which can be switched off or full. Then nothing is remembered, and nothing else changes. */
function quietly(work: () => void): void {
  try {
    work()
  } catch {}
}

/** Remembers the agency of the form, on the form's page. */
export function OpenPlace({ place }: { readonly place: Place }) {
  useEffect(() => {
    quietly(() => {
      if (new URLSearchParams(location.search).has('kiosk')) sessionStorage.removeItem(OPEN)
      else sessionStorage.setItem(OPEN, JSON.stringify(place))
    })
  }, [place])
  return null
}

/** Remembers that an agency has been rated, on the thank-you page. */
export function KeepPlace() {
  useEffect(() => {
    quietly(() => {
      const place = read(sessionStorage, OPEN)
      sessionStorage.removeItem(OPEN)
      if (!isPlace(place) || new URLSearchParams(location.search).has('kiosk')) return
      const others = rated().filter(({ id }) => id !== place.id)
      localStorage.setItem(RATED, JSON.stringify([place, ...others].slice(0, MOST_REMEMBERED)))
    })
  }, [])
  return null
}

interface RecentPlacesProps {
  readonly locale: 'vi' | 'en'
  /** The path of an agency's form, with `{id}`. */
  readonly path: string
  readonly words: { readonly title: string; readonly note: string; readonly forget: string }
}

/** Renders the agencies rated on this device, and a button to forget them; null if there are none. */
export function RecentPlaces({ locale, path, words }: RecentPlacesProps) {
  const [places, setPlaces] = useState<readonly Place[]>([])
  useEffect(() => {
    quietly(() => {
      if (!new URLSearchParams(location.search).has('kiosk')) setPlaces(rated())
    })
  }, [])
  if (places.length === 0) return null
  return (
    <section className="stack" aria-labelledby="recent">
      <h2 id="recent">{words.title}</h2>
      <ul className="flex flex-wrap gap-2">
        {places.map((place) => (
          <li key={place.id} className="max-w-none">
            <a href={path.replace('{id}', encodeURIComponent(place.id))} className="place">
              {place[locale]}
            </a>
          </li>
        ))}
      </ul>
      <p className="text-sm text-soft">
        {words.note}{' '}
        <button
          type="button"
          className="button"
          data-look="plain"
          data-size="small"
          onClick={() => {
            quietly(() => localStorage.removeItem(RATED))
            setPlaces([])
          }}
        >
          {words.forget}
        </button>
      </p>
    </section>
  )
}
