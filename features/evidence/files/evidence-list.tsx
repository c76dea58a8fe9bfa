import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { fileSize } from '#lib/file-size.ts'
import type { FormAction } from '#lib/form-state.ts'
import { formatInstant } from '#messages/dates.ts'
import { EvidenceLinks } from './evidence-links.tsx'
import type { EvidenceItem } from './rules.ts'

export async function EvidenceList({
  items,
  remove,
}: {
  readonly items: readonly EvidenceItem[]
  /** The action that removes a file, if allowed; it receives the id as `evidenceId`. */
  readonly remove?: FormAction
}) {
  const t = await getTranslations('evidence')
  if (items.length === 0) return <p className="text-soft">{t('list.empty')}</p>
  return (
    <ul className="stack list-none">
      {items.map((item) => (
        <li
          key={item.id}
          data-evidence={item.id}
          className="flex max-w-none gap-4 rounded-part border border-line bg-card p-3"
        >
          <Small item={item} />
          <div className="min-w-0 flex-1">
            <ItemWords item={item} />
            {item.closed === 'infected' ? <p data-file-refused>{t('list.sendAnother')}</p> : null}
            <div className="flex flex-wrap items-center gap-x-5 text-sm">
              <EvidenceLinks item={item} original={item.view === null} />
              {remove === undefined ? null : <RemoveForm item={item} remove={remove} />}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Renders the thumbnail. Its `alt` is empty because the words beside it describe the file. */
function Small({ item }: { readonly item: EvidenceItem }) {
  const frame =
    'flex size-20 shrink-0 items-center justify-center overflow-hidden rounded-part bg-teal-wash text-teal'
  if (item.view === null) {
    return (
      <span className={frame}>
        <Icon name="file" size={28} />
      </span>
    )
  }
  return (
    <span className={frame}>
      {/* biome-ignore lint/performance/noImgElement: the optimiser fetches as nobody, and may not see it */}
      <img
        src={`/api/evidence/${item.id}/small`}
        alt=""
        width={80}
        height={80}
        loading="lazy"
        className="size-full object-cover"
      />
    </span>
  )
}

export async function ItemWords({ item }: { readonly item: EvidenceItem }) {
  const [t, locale] = await Promise.all([getTranslations('evidence'), getLocale()])
  const ending = item.mediaType.split('/')[1]?.toUpperCase()
  return (
    <>
      <p className="font-semibold">{t(`short.${item.kind}`)}</p>
      <p className="wrap-anywhere text-sm text-soft">
        {[
          item.fileName ?? t('list.unnamed'),
          ending,
          fileSize(item.byteSize, locale).replace(' ', '\u00a0'),
          formatInstant(locale, item.createdAt, 'date'),
        ].join('\u00a0· ')}
      </p>
      {item.closed === null ? null : <p className="text-sm font-semibold">{t(`list.${item.closed}`)}</p>}
      {item.state === 'ready' || item.closed !== null ? null : (
        <p className="text-sm text-soft">{t(`list.${item.state}`)}</p>
      )}
    </>
  )
}

async function RemoveForm({ item, remove }: { readonly item: EvidenceItem; readonly remove: FormAction }) {
  const t = await getTranslations('evidence.list')
  return (
    <ActionForm action={remove} scope={`remove-${item.id}`} className="">
      <HiddenField name="evidenceId" value={item.id} />
      <SubmitButton look="plain">
        <span aria-hidden="true">{t('remove')}</span>
        <span className="sr-only">{t('removeWhich', { name: item.fileName ?? t('unnamed') })}</span>
      </SubmitButton>
    </ActionForm>
  )
}
