export const dynamic = 'force-dynamic'

/** The smallest page that is rendered for each request and has a nonce. */
export default function Page() {
  return <h1>Hello</h1>
}
