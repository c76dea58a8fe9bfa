/** A row of `DATA_DIR/demo-accounts.json`. */
export interface DemoAccount {
  readonly role: string
  readonly email: string
  readonly password: string
  readonly totpSecret?: string
  readonly scope?: string
  readonly carrier?: string
  readonly apiKey?: string
}
