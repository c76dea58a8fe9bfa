import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { keepInvitationSecret } from '#server/entry/invitation.ts'

export const dynamic = 'force-dynamic'

/**
 * `GET /k/invitation/<secret>`: the link of an invitation's mail. It trades its secret for a cookie and a clean address. It
 * reads and spends nothing, so that a mail scanner which follows the link takes nothing away.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ secret: string }> },
): Promise<Response> {
  await keepInvitationSecret((await params).secret)
  return new Response(null, {
    status: 303,
    headers: {
      location: pathFor(senderLocale(request), '/sign-in/invitation'),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
}
