// What is settled about the hospital's own sign-in: whose word is taken, and what it has to say.
// Pure.

/** What an ID token has to say before it counts. */
export interface AccountRules {
  readonly issuer: string
  readonly clientId: string
  /** One of these is how she has to have signed in. */
  readonly acr: readonly string[]
  /** One of these has to be among her groups. */
  readonly groups: readonly string[]
  /** None has to be: she is proved without groups, and whoever asked judges that. */
  readonly takesNoGroup?: boolean
  readonly groupsClaim: string
  /** The claim that names her; never her mail address, which is given to the next one. */
  readonly claim: string
}

export interface AccountSettings extends AccountRules {
  readonly clientSecret: string
  readonly scope: string
  /** Where the provider answers people, beside where it begins. */
  readonly origins: readonly string[]
  /** Certificates (PEM) that its TLS is believed by, beside the usual ones. */
  readonly caPem?: string
}
