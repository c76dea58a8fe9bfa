export const dynamic = 'force-dynamic'

/** The least page that is made anew for each request and has a nonce. */
export default function Page() {
  return <h1>Hello</h1>
}
