import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { QuestionEditor } from '#features/questionnaires/questions/question-editor.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { saveQuestionAction } from '../../../actions.ts'
import { loadDraft } from '../../load.ts'

export const access = 'survey:manage' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/questions/[question]'>): Promise<Metadata> {
  const [t, { question }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('question.editTitle', { key: question }) }
}

export default async function EditQuestionPage({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/questions/[question]'>) {
  const staff = await requireStaff(access)
  const [{ version, question: key }, t] = await Promise.all([params, getTranslations('survey-questions')])
  const draft = await loadDraft(staff, version)
  const question = draft.questions.find((one) => one.key === key)
  if (question === undefined) notFoundPage(await getLocale())
  return (
    <div className="stack-l">
      <PageHeader
        kicker={t('version', { version: draft.version })}
        title={t('question.editTitle', { key })}
      />
      <QuestionEditor
        action={saveQuestionAction}
        draft={draft}
        question={question}
        questions={draft.questions}
      />
      <p>
        <Link
          href={{
            pathname: '/admin/survey/questionnaires/[version]',
            params: { version },
            hash: `question-${key}`,
          }}
        >
          {t('question.back')}
        </Link>
      </p>
    </div>
  )
}
