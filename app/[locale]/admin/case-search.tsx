import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { openForSession } from '#http/sealed.ts'
import { currentPage } from '#messages/current.ts'
import { searchAction } from './cases/actions.ts'

/** Renders the search for a case, on every page of those who may read cases. It is posted: no name stands in an address. */
export async function CaseSearch() {
  const [t, sought] = await Promise.all([getTranslations('case-staff'), soughtHere()])
  return (
    <search className="desk-search">
      <ActionForm action={searchAction} scope="find" className="" initial={{ q: sought }}>
        <Field
          name="q"
          type="search"
          label={t('queue.search')}
          placeholder={t('queue.search_hint')}
          shortcut="/"
        />
        <SubmitButton look="quiet">
          <Icon name="search" />
          <span className="sr-only">{t('queue.search_button')}</span>
        </SubmitButton>
      </ActionForm>
      <span aria-hidden="true">
        <kbd>/</kbd>
      </span>
    </search>
  )
}

/** Returns what was looked for where this page shows what was found, else nothing. */
async function soughtHere(): Promise<string> {
  const [{ pathname }, sent] = await Promise.all([currentPage(), headers()])
  const found = new URLSearchParams(sent.get('x-search') ?? '').get('found')
  if (pathname !== '/admin/cases' || found === null) return ''
  return (await openForSession<string>('case-search', found)) ?? ''
}
