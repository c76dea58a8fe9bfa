import { getTranslations } from 'next-intl/server'
import { EvidenceLinks } from '../files/evidence-links.tsx'
import { ItemWords } from '../files/evidence-list.tsx'
import type { EvidenceItem } from '../files/rules.ts'
import { SameFile, type SameFileMark } from '../files/same-file.tsx'
import { ReadDigits } from '../readings/read-digits.tsx'
import type { ComparedReading } from '../readings/rules.ts'
import type { ViewedFile, ViewerWords } from './proof-pane.tsx'
import type { Frame } from './proof-picture.tsx'
import { ProofViewer } from './proof-viewer.tsx'
import { choiceHref, otherQuery, type PageQuery, readViewerChoice, viewedGroup } from './rules.ts'

export interface ProofDeskProps {
  readonly items: readonly EvidenceItem[]
  readonly same?: readonly SameFileMark[]
  readonly readings?: readonly ComparedReading[]
  readonly claimed?: readonly { readonly imei: string; readonly key14: string }[]
  readonly path: string
  readonly query: PageQuery
  readonly keys?: boolean
  /** Shows the reading under the picture, so that the pictures of two sides begin at one height. */
  readonly readingBelow?: boolean
}

/** Renders the proofs of a case for police who have opened them: one large, with its reading beside the claim. */
export async function ProofDesk({
  items,
  same = [],
  readings = [],
  claimed = [],
  path,
  query,
  keys = true,
  readingBelow = false,
}: ProofDeskProps) {
  const t = await getTranslations('evidence')
  if (items.length === 0) return <p className="text-soft">{t('list.empty')}</p>
  const ids = items.map(({ id }) => id)
  const group = viewedGroup(query, ids)
  const choice = readViewerChoice(query, ids)
  const rest = otherQuery(query, ids)
  // The second pane's file may belong to another group.
  const shown = items.filter(({ id }) => group.ids.includes(id) || id === choice.beside?.id)
  const files = shown.map((item): ViewedFile => {
    const reading = readings.find(({ evidenceId }) => evidenceId === item.id)
    const label = labelOf(items, item, t)
    return {
      id: item.id,
      label,
      alt: t('list.alt', { kind: label, name: item.fileName ?? t('list.unnamed') }),
      mark: markOf(reading, t),
      pages: item.pages,
      frames: framesOf(reading, claimed, t),
      instead: <Instead item={item} reading={reading} />,
      digits: readingBelow ? null : <ReadDigits reading={reading} claimed={claimed} />,
      details: (
        <>
          {readingBelow ? <ReadDigits reading={reading} claimed={claimed} /> : null}
          {reading === undefined || reading.found.length === 0 ? null : (
            <p className="text-sm text-soft">{t('viewer.look')}</p>
          )}
          <SameFile mark={same.find((mark) => mark.evidenceId === item.id)} />
          <div className="proof-facts">
            <div className="min-w-0">
              <ItemWords item={item} />
            </div>
            <EvidenceLinks item={item} original="second press" />
          </div>
          {reading?.pages && item.pages.length > 0 && reading.pages > item.pages.length ? (
            <p className="text-sm text-soft">
              {t('viewer.drawnPages', { drawn: item.pages.length, pages: reading.pages })}
            </p>
          ) : null}
        </>
      ),
    }
  })
  const back = `${path}${choiceHref(rest, { ...choice, side: null })}`
  return (
    <div id={keys ? 'proof' : undefined}>
      <ProofViewer
        key={group.at}
        files={files}
        choice={choice}
        rest={rest}
        back={back}
        keys={keys}
        words={wordsOf(t)}
      />
      {group.groups > 1 ? <Groups group={group} all={items.length} rest={rest} /> : null}
    </div>
  )
}

type Words = Awaited<ReturnType<typeof getTranslations<'evidence'>>>

function labelOf(items: readonly EvidenceItem[], item: EvidenceItem, t: Words): string {
  const alike = items.filter(({ kind }) => kind === item.kind)
  const kind = t(`short.${item.kind}`)
  return alike.length === 1 ? kind : t('viewer.several', { kind, number: alike.indexOf(item) + 1 })
}

function markOf(reading: ComparedReading | undefined, t: Words): ViewedFile['mark'] {
  if (reading?.says === 'agrees') return { agrees: true, words: t('viewer.agrees') }
  return reading?.says === 'differs' ? { agrees: false, words: t('viewer.differs') } : null
}

/** Returns one frame per number that was read, in the order of `found`: the rows' buttons refer to a frame by that index. */
function framesOf(
  reading: ComparedReading | undefined,
  claimed: NonNullable<ProofDeskProps['claimed']>,
  t: Words,
): readonly Frame[] {
  return (reading?.found ?? []).map(({ key, page, box }) => {
    const slot = claimed.findIndex(({ key14 }) => key14 === key) + 1
    if (slot > 0) return { page, box, label: t('viewer.frame', { slot }), tone: 'ok' }
    return claimed.length === 0
      ? { page, box, label: t('viewer.frameFound'), tone: 'neutral' }
      : { page, box, label: t('viewer.frameOther'), tone: 'wait' }
  })
}

async function Instead({
  item,
  reading,
}: {
  readonly item: EvidenceItem
  readonly reading: ComparedReading | undefined
}) {
  const t = await getTranslations('evidence')
  const isPdf = item.mediaType === 'application/pdf'
  if (item.closed !== null)
    return (
      <div className="stack" data-instead={item.closed}>
        <p className="font-semibold">{t(`viewer.${item.closed}`)}</p>
        {item.closed === 'checking' ? (
          <p>{t('viewer.checkingMeans')}</p>
        ) : (
          <>
            <p>{t('viewer.infectedMeans', { finding: item.finding ?? '' })}</p>
            <p>
              <a className="inline-flex min-h-11 items-center text-sm" href="#work">
                {t('viewer.askAnother')}
              </a>
            </p>
          </>
        )}
      </div>
    )
  const waits = isPdf ? reading !== undefined && reading.outcome === null : item.state === 'pending'
  const why = isPdf ? (waits ? 'drawing' : 'undrawn') : waits ? 'pending' : 'unreadable'
  return (
    <div className="stack" data-instead={why}>
      <p className="font-semibold">{t(`viewer.${why}`)}</p>
      {waits ? null : <p>{t('viewer.canDo')}</p>}
      <div className="flex flex-wrap gap-x-5">
        <EvidenceLinks item={item} original="second press" />
        {waits ? null : (
          <a className="inline-flex min-h-11 items-center text-sm" href="#work">
            {t('viewer.askAnother')}
          </a>
        )}
      </div>
    </div>
  )
}

async function Groups({
  group,
  all,
  rest,
}: {
  readonly group: ReturnType<typeof viewedGroup>
  readonly all: number
  readonly rest: string
}) {
  const t = await getTranslations('evidence.viewer')
  const { at, groups, ids, first } = group
  const href = (files: number) => {
    const query = new URLSearchParams(rest)
    query.set('files', String(files))
    return `?${query}#proof`
  }
  return (
    <p className="proof-pages">
      {at > 1 ? <a href={href(at - 1)}>{t('groupPrevious')}</a> : null}
      <span className="num">{t('group', { from: first, to: first + ids.length - 1, all })}</span>
      {at < groups ? <a href={href(at + 1)}>{t('groupNext')}</a> : null}
    </p>
  )
}

function wordsOf(t: Words): ViewerWords {
  const word = (name: keyof ViewerWords) => t(`viewer.${name}`)
  return {
    files: word('files'),
    tools: word('tools'),
    nearer: word('nearer'),
    farther: word('farther'),
    left: word('left'),
    right: word('right'),
    bright: word('bright'),
    bare: word('bare'),
    full: word('full'),
    whole: word('whole'),
    beside: word('beside'),
    alone: word('alone'),
    previous: word('previous'),
    next: word('next'),
    page: t.raw('viewer.page'),
    sizes: word('sizes'),
    fit: word('fit'),
    hint: word('hint'),
    loading: word('loading'),
    failed: word('failed'),
    unkept: word('unkept'),
  }
}
