import { send } from './actions.ts'

export const dynamic = 'force-dynamic'

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return (
    <form action={send}>
      <input type="hidden" name="rows" value={(await params).name} />
      <button type="submit">Send</button>
    </form>
  )
}
