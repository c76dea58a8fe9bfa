import { insert } from './actions.ts'

export const dynamic = 'force-dynamic'

export default function Page() {
  return (
    <form action={insert}>
      <input name="written" />
      <button type="submit">Send</button>
    </form>
  )
}
