import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { ReplyNote } from '#features/ratings/components/reply-note.tsx'
import { repliesOf } from '#features/ratings/queries/replies.ts'
import { localDate } from '#lib/time.ts'

const SHOWN = 3

/** Renders the last answers that an agency gave to its comments; nothing where it has given none. */
export async function RepliesSection({ agency }: { readonly agency: string }) {
  const [t, { rows }] = await Promise.all([getTranslations('survey-replies'), repliesOf(agency, null, SHOWN)])
  if (rows.length === 0) return null
  const today = localDate(new Date())
  return (
    <section className="stack" aria-labelledby="replies">
      <h2 id="replies">{t('title')}</h2>
      <div className="reply-notes">
        {rows.map((reply) => (
          <ReplyNote key={reply.id} reply={reply} today={today} />
        ))}
      </div>
      <p>
        <Link href={{ pathname: '/results/[agency]/replies', params: { agency } }}>{t('all')}</Link>
      </p>
    </section>
  )
}
