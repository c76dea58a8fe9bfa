import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { QuestionEditor } from '#features/questionnaires/questions/question-editor.tsx'
import { fixedOptions, QUESTION_KINDS } from '#features/questionnaires/questions/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { saveQuestionAction } from '../../actions.ts'
import { loadDraft } from '../load.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-questions', 'question.addTitle')

export default async function AddQuestionPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/add'>) {
  const staff = await requireStaff(access)
  const [{ version }, { kind: sent }, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('survey-questions'),
  ])
  const draft = await loadDraft(staff, version)
  const kind = QUESTION_KINDS.find((one) => one === sent)
  if (kind === undefined) notFoundPage(await getLocale())
  // The words of a scale are the same from question to question.
  const like = fixedOptions(kind) ? draft.questions.findLast((question) => question.kind === kind) : undefined
  return (
    <div className="stack-l">
      <PageHeader kicker={t('version', { version: draft.version })} title={t('question.addTitle')} />
      <QuestionEditor
        action={saveQuestionAction}
        draft={draft}
        questions={draft.questions}
        question={{ kind, options: like?.options ?? [] }}
      />
      <p>
        <Link href={{ pathname: '/admin/survey/questionnaires/[version]', params: { version } }}>
          {t('question.back')}
        </Link>
      </p>
    </div>
  )
}
