import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { writtenTag } from '#components/ui/written.tsx'
import type { Route } from '#messages/paths.ts'

type Chunks = (chunks: ReactNode) => ReactNode

const to =
  (href: Route): Chunks =>
  (chunks) => <Link href={href}>{chunks}</Link>

const out =
  (href: string): Chunks =>
  (chunks) => (
    <a href={href} rel="noreferrer">
      {chunks}
    </a>
  )

/** Tags for `t.rich` in long texts: paragraphs, lists and links. */
export const richTags = {
  p: (chunks: ReactNode) => <p>{chunks}</p>,
  ul: (chunks: ReactNode) => <ul>{chunks}</ul>,
  li: (chunks: ReactNode) => <li>{chunks}</li>,
  b: (chunks: ReactNode) => <b>{chunks}</b>,
  call: (chunks: ReactNode) => (
    <a className="whitespace-nowrap" href={`tel:${String(chunks).replace(/\D/g, '')}`}>
      {chunks}
    </a>
  ),
  ...writtenTag,
  /** Locks an Android phone by its number alone, while it has a network. */
  lock: out('https://www.android.com/lock'),
  google: out('https://www.google.com/android/find'),
  apple: out('https://www.icloud.com/find'),
  report: to('/report'),
  track: to('/track'),
  mine: to('/track/mine'),
  check: to('/check'),
  watch: to('/check/watch'),
  blocked: to('/blocked'),
  object: to('/blocked/object'),
  phones: to('/my-phones'),
  privacy: to('/privacy'),
  hour: to('/first-hour'),
  lines: to({ pathname: '/hotlines', hash: 'sim' }),
  banks: to({ pathname: '/hotlines', hash: 'banks' }),
} satisfies Record<string, Chunks>
