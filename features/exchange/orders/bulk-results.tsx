'use client'

import { useContext } from 'react'
import { FormContext } from '#components/form/form-context.ts'

export function BulkResults({ title, seeNew }: { readonly title: string; readonly seeNew: string }) {
  const { result, rows } = useContext(FormContext)
  if (!result || !rows) return null
  return (
    <section className="stack" role="status" aria-label={title} data-bulk-results="">
      <h3>{title}</h3>
      <p>{result.summary}</p>
      <ul className="stack">
        {rows.map(({ order, name, said, outcome, to }) => (
          <li key={order} data-order={order} data-outcome={outcome}>
            <b className="num">{name}</b>
            <br />
            <span className={outcome === 'done' ? 'text-green-deep' : 'text-red-deep'}>{said}</span>
            {to ? (
              <>
                {' '}
                <a href={to}>{seeNew}</a>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
