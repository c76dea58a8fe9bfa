import { getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'

/** Returns the address that leads to the provider, and from there back to `to`. */
export const signInAddress = (to: string): string =>
  `/api/citizen/sign-in?${new URLSearchParams({ to }).toString()}`

export interface SignInLinkProps {
  /** The provider, as people know it. */
  readonly name: string
  /** The page of ours to go on with. */
  readonly to: string
  readonly look?: 'primary' | 'quiet'
  readonly size?: 'normal' | 'small'
}

/** Renders the way on to the provider: a link that looks like a button. */
export async function SignInLink({ name, to, look = 'quiet', size = 'normal' }: SignInLinkProps) {
  const t = await getTranslations('identity')
  return (
    <a className="button" data-look={look} data-size={size} href={signInAddress(to)} rel="nofollow">
      <Icon name="person" />
      {t('signInWith', { name })}
    </a>
  )
}
