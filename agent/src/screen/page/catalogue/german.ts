// Deutsch: einfach, in der Sie-Form, Gegenwart, ohne Fachwörter.

import type { Catalogue } from './catalogue.ts'
import { germanErrands } from './german-errands.ts'
import { waitWords } from './wait-words.ts'

export const german: Catalogue = {
  language: 'de',
  tapYourBadge: 'Ausweis auflegen',
  tapHint: 'Halten Sie ihn an den Leser, bis der Bildschirm antwortet',
  reading: 'Ausweis gelesen',
  stillChecking: 'Wird noch geprüft',
  stillCheckingNext:
    'Legen Sie den Ausweis noch einmal auf oder nehmen Sie einen anderen Arbeitsplatz',
  checkingPin: 'Ihre PIN wird geprüft',
  greeting: (name, hour) => {
    const time =
      hour < 5 ? 'Hallo' : hour < 11 ? 'Guten Morgen' : hour < 18 ? 'Guten Tag' : 'Guten Abend'
    return name === undefined ? time : `${time}, ${name}`
  },
  enterPin: 'Geben Sie Ihre PIN ein',
  pinAgain: 'Die PIN stimmt nicht. Geben Sie sie noch einmal ein',
  triesLeft: (tries) => (tries === 1 ? 'Noch ein Versuch' : `Noch ${String(tries)} Versuche`),
  digitsEntered: (digits) => (digits === 0 ? 'Keine Ziffern eingegeben' : 'Ziffern eingegeben'),
  erase: 'Löschen',
  enter: 'Weiter',
  notMe: 'Das bin ich nicht',
  forgotPin: 'PIN vergessen',
  forgotPinAdvice: (isHere) =>
    isHere
      ? 'Drücken Sie zuerst den Knopf. Dann bestätigt jemand aus der Leitung, dass Sie es sind'
      : 'Eine neue wird gesetzt, sobald feststeht, dass Sie es sind',
  back: 'Zurück',
  opening: (name) => `Wird geöffnet für ${name}`,
  openingStage: 'Die Akte kommt',
  inUse: (name) => `${name} ist angemeldet`,
  movedFrom: (place) => `Sie waren noch angemeldet: ${place}. Dort ist jetzt gesperrt`,
  stillThere: (name) => (name === undefined ? 'Noch da?' : `Noch da, ${name}?`),
  stayHint: 'Bewegen Sie die Maus oder legen Sie den Ausweis auf',
  signingOut: (name) => (name === undefined ? 'Wird abgemeldet' : `${name} wird abgemeldet`),
  tapToStay: 'Legen Sie Ihren Ausweis noch einmal auf, um zu bleiben',
  otherBadge: 'Ein anderer Ausweis wurde aufgelegt',
  stillSignedIn: (name) =>
    name === undefined ? 'Hier ist noch jemand angemeldet' : `${name} ist noch angemeldet`,
  handsOverIn: (seconds) =>
    `Ohne Antwort geht der Bildschirm in ${String(seconds)} s an den anderen Ausweis`,
  keepWorking: 'Weiterarbeiten',
  letGo: 'Freigeben',
  emergencyAccess: 'Notfallzugang',
  chooseReason: 'Wofür brauchen Sie jetzt Zugang?',
  reasonIsKept: 'Ihr Grund wird festgehalten und später angesehen',
  noteWanted: 'Sagen Sie in wenigen Worten, was geschehen ist',
  continue: 'Weiter',
  orStaffNumber: 'Oder geben Sie Ihre Personalnummer ein',
  staffNumber: 'Personalnummer',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ ',
  space: 'Leerzeichen',
  witnessTitle: 'Bitten Sie einen Kollegen, den Ausweis aufzulegen',
  witnessFor: (name) =>
    name === undefined
      ? 'Der Ausweis bestätigt, wer Sie sind'
      : `Der Ausweis bestätigt, dass Sie ${name} sind`,
  witnessAgain: 'Dieser Ausweis kann nicht für Sie sprechen. Bitten Sie jemand anderen von hier',
  closesIn: (seconds) => `Schließt in ${waitWords(seconds)}`,
  lockWasWrong: 'Diese Sperre war falsch',
  secondsLeft: (seconds) => (seconds === 1 ? '1 Sekunde' : `${String(seconds)} Sekunden`),
  lockNow: 'Jetzt sperren',
  signTitle: 'Ihre Unterschrift',
  signIn: (application) => `Angefordert von ${application}`,
  signTap: (name) => `Legen Sie Ihren Ausweis auf, ${name}`,
  signWrongBadge: (name) => `Das ist nicht der Ausweis von ${name}. Legen Sie Ihren eigenen auf`,
  cancel: 'Nicht unterschreiben',
  tryAgainIn: (seconds) => `Neuer Versuch in ${waitWords(seconds)} möglich`,
  quote: (code) => `Code für den Service: ${code}`,
  callServiceDesk: (desk) => `Service: ${desk}`,
  ok: 'OK',
  movedTo: (place) =>
    place === undefined
      ? 'Sie haben sich an einem anderen Arbeitsplatz angemeldet'
      : `Sie haben sich hier angemeldet: ${place}`,
  notices: {
    ended: 'Dieser Bildschirm wurde gesperrt',
    idle: 'Gesperrt, weil eine Weile niemand etwas tat',
    away: 'Gesperrt, weil niemand da war',
    'card-removed': 'Gesperrt, weil der Ausweis entnommen wurde',
    'wrong-noted': 'Notiert, danke',
    'reader-lost':
      'Gesperrt, weil der Ausweisleser eine Weile weg war. Ihr Ausweis meldet Sie wieder an',
    'link-lost':
      'Gesperrt, weil zu lange keine Verbindung da war. Sobald sie da ist, meldet Ihr Ausweis Sie wieder an',
    'browser-lost':
      'Gesperrt, weil der Browser der Akte stehen blieb. Ihr Ausweis öffnet die Akte neu',
    'launch-failed':
      'Die Akte ging nicht auf. Ausweis noch einmal vorhalten, oder einen anderen Arbeitsplatz nehmen',
    trouble: 'Zur Sicherheit gesperrt. Ihr Ausweis meldet Sie wieder an',
    slept: 'Gesperrt, weil der Computer schlief oder seine Uhr verstellt wurde',
    'emergency-over': 'Die Zeit Ihres Notfallzugangs ist um',
    'network-back': 'Das Netz ist wieder da',
  },
  noWindow: 'Dieses Fenster ist nicht verbunden. Einen Moment bitte',
  refusals: {
    'badge-unknown': {
      what: 'Dieser Ausweis ist hier nicht bekannt',
      next: 'Nehmen Sie Ihren Klinikausweis oder lassen Sie diesen beim Service eintragen',
    },
    'loaner-not-given': {
      what: 'Dieser Leihausweis ist gerade an niemanden ausgegeben',
      next: 'Bitten Sie Ihre Leitung darum oder nehmen Sie Ihren eigenen',
    },
    'badge-not-allowed': {
      what: 'Diese Karte ist kein Ausweis des Hauses',
      next: 'Nehmen Sie Ihren Klinikausweis oder fragen Sie den Service',
    },
    'badge-taken': {
      what: 'Dieser Ausweis gehört schon jemandem',
      next: 'Geben Sie ihn beim Service ab und nehmen Sie Ihren eigenen',
    },
    'errand-not-offered': {
      what: 'Das geht an diesem Arbeitsplatz nicht',
      next: 'Nehmen Sie einen anderen oder rufen Sie den Service an',
    },
    'card-not-read': {
      what: 'Der Ausweis wurde nicht gelesen',
      next: 'Halten Sie ihn ruhig an den Leser und legen Sie ihn noch einmal auf',
    },
    'card-not-a-badge': {
      what: 'Mit dieser Karte können Sie sich nicht anmelden',
      next: 'Nehmen Sie Ihren Klinikausweis, kein Telefon und keine andere Karte',
    },
    'badge-not-usable': {
      what: 'Dieser Ausweis gilt zurzeit nicht',
      next: 'Nehmen Sie Ihren Leihausweis, wenn Sie einen haben, oder fragen Sie den Service',
    },
    'person-not-active': {
      what: 'Sie sind zurzeit nicht zum Dienst gemeldet',
      next: 'Bitten Sie Ihre Leitung, Ihren Status anzusehen',
    },
    'role-not-in-zone': {
      what: 'Ihre Rolle nutzt die Arbeitsplätze hier nicht',
      next: 'Nehmen Sie einen in Ihrem Bereich oder fragen Sie Ihre Leitung',
    },
    'no-chart-here': {
      what: 'An diesem Arbeitsplatz ist für Sie keine Akte eingerichtet',
      next: 'Ihr Ausweis ist in Ordnung. Nehmen Sie einen anderen Arbeitsplatz und sagen Sie es dem Service',
    },
    'not-permitted': {
      what: 'Eine Regel des Hauses lässt Sie hier nicht zu',
      next: 'Fragen Sie Ihre Leitung oder nehmen Sie einen in Ihrem Bereich',
    },
    'off-shift': {
      what: 'Sie sind gerade nicht im Dienst',
      next: 'Bitten Sie die Schichtleitung, Sie einzutragen',
    },
    'training-lapsed': {
      what: 'Eine Schulung, die hier nötig ist, ist abgelaufen',
      next: 'Erneuern Sie sie oder fragen Sie Ihre Leitung, welche es ist',
    },
    'access-not-begun': {
      what: 'Ihre Zeit hier hat noch nicht begonnen',
      next: 'Fragen Sie Ihre Leitung oder die Personalabteilung, wann sie beginnt',
    },
    'access-over': {
      what: 'Ihre Zeit hier ist vorbei',
      next: 'Fragen Sie Ihre Leitung oder die Personalabteilung',
    },
    'zone-not-hers': {
      what: 'Das ist keiner Ihrer Bereiche',
      next: 'Nehmen Sie einen in Ihrem Bereich oder fragen Sie Ihren Auftraggeber',
    },
    'escort-needed': {
      what: 'Sie brauchen hier eine Begleitung',
      next: 'Bitten Sie jemanden von der Station, sich anzumelden und dabeizubleiben',
    },
    'locked-down': {
      what: 'Dieser Bereich ist gesperrt',
      next: 'Folgen Sie den Anweisungen des Hauses',
    },
    'policy-failed': {
      what: 'Es ließ sich nicht klären, ob Sie hier arbeiten dürfen',
      next: 'Nehmen Sie einen anderen Arbeitsplatz und rufen Sie den Service',
    },
    'not-decided-offline': {
      what: 'Ohne Netz ist nicht bekannt, ob Sie jetzt hier arbeiten dürfen',
      next: 'Nehmen Sie einen anderen Arbeitsplatz oder warten Sie auf das Netz',
    },
    'pin-wrong': {
      what: 'Das stimmt nicht überein',
      next: 'Legen Sie den Ausweis noch einmal auf',
    },
    'pin-locked': {
      what: 'Zu viele Versuche. Ihre PIN ruht eine Weile',
      next: 'Warten Sie, oder lassen Sie eine neue PIN setzen',
    },
    'pin-not-set': {
      what: 'Sie haben noch keine PIN',
      next: 'Lassen Sie vor der ersten Anmeldung eine setzen; der Service kann es',
    },
    'workstation-locked-out': {
      what: 'Zu viele Versuche an diesem Arbeitsplatz',
      next: 'Nehmen Sie einen anderen oder warten Sie',
    },
    'workstation-not-enrolled': {
      what: 'Dieser Arbeitsplatz ist noch nicht eingerichtet',
      next: 'Nehmen Sie einen anderen und sagen Sie dem Service Bescheid',
    },
    busy: {
      what: 'Gerade melden sich viele an',
      next: 'Legen Sie den Ausweis in ein paar Sekunden noch einmal auf',
    },
    'nothing-to-open': {
      what: 'Ohne Netz kann hier nichts für Sie geöffnet werden',
      next: 'Nehmen Sie einen anderen Arbeitsplatz oder warten Sie, bis das Netz wieder da ist',
    },
    'no-answer': {
      what: 'Es kam keine Antwort',
      next: 'Legen Sie den Ausweis noch einmal auf oder nehmen Sie einen anderen Arbeitsplatz',
    },
    'tap-superseded': {
      what: 'Ein anderer Ausweis wurde aufgelegt',
      next: 'Legen Sie Ihren noch einmal auf',
    },
    'tap-cancelled': { what: 'Abgebrochen', next: 'Legen Sie den Ausweis auf, um neu zu beginnen' },
    'tap-expired': {
      what: 'Das hat zu lange gedauert',
      next: 'Legen Sie den Ausweis noch einmal auf',
    },
    'session-moved': {
      what: 'Sie sind an einem anderen Arbeitsplatz angemeldet',
      next: 'Ausweis hier auflegen, um zurückzukommen',
    },
    'session-ended': {
      what: 'Die Anmeldung ist beendet',
      next: 'Legen Sie den Ausweis auf, um sich neu anzumelden',
    },
    'card-must-stay': {
      what: 'Der Ausweis wurde zu früh entnommen',
      next: 'Stecken Sie ihn in den Leser und lassen Sie ihn dort',
    },
    'emergency-not-offered': {
      what: 'Hier gibt es keinen Notfallzugang',
      next: 'Nehmen Sie einen anderen Arbeitsplatz oder rufen Sie den Service',
    },
    'emergency-never': {
      what: 'Der Notfallzugang steht Ihnen nicht offen',
      next: 'Bitten Sie jetzt jemanden um Hilfe und rufen Sie dann den Service',
    },
    'emergency-over': {
      what: 'Die Zeit Ihres Notfallzugangs ist um',
      next: 'Legen Sie den Ausweis auf, um sich neu anzumelden',
    },
    'not-identified': {
      what: 'Das stimmt nicht überein',
      next: 'Versuchen Sie Personalnummer und PIN noch einmal oder bitten Sie jemanden, sich anzumelden',
    },
    'witness-not-usable': {
      what: 'Niemand konnte bestätigen, wer Sie sind',
      next: 'Bitten Sie jemanden von hier, der im Dienst ist, den Ausweis aufzulegen. Beginnen Sie neu',
    },
    'not-known-here': {
      what: 'Ohne Netz kennt dieser Arbeitsplatz Sie nicht',
      next: 'Nehmen Sie einen, an dem Sie täglich arbeiten, oder warten Sie auf das Netz',
    },
    'cannot-record': {
      what: 'Dieser Arbeitsplatz kann gerade nichts öffnen',
      next: 'Nehmen Sie einen anderen und sagen Sie dem Service Bescheid',
    },
    'network-back': {
      what: 'Das Netz ist wieder da',
      next: 'Legen Sie den Ausweis noch einmal auf',
    },
    'step-up-wrong-person': {
      what: 'Nur wer hier angemeldet ist, kann unterschreiben',
      next: 'Legen Sie Ihren eigenen Ausweis auf',
    },
    'step-up-cancelled': {
      what: 'Es wurde nichts unterschrieben',
      next: 'Unterschreiben Sie noch einmal aus der Akte',
    },
    'ticket-not-valid': {
      what: 'Die Akte wurde nicht geöffnet',
      next: 'Legen Sie den Ausweis noch einmal auf',
    },
    'token-not-valid': {
      what: 'Dieser Arbeitsplatz konnte nicht eingerichtet werden',
      next: 'Bitten Sie die IT um ein neues Token',
    },
  },
  reader: {
    none: { what: 'Kein Ausweisleser', next: 'Stecken Sie einen an oder rufen Sie den Service' },
    unplugged: {
      what: 'Ausweisleser abgezogen',
      next: 'Stecken Sie ihn ein oder rufen Sie den Service',
    },
    'service-stopped': {
      what: 'Der Dienst des Ausweislesers steht',
      next: 'Er startet von selbst; wenn nicht, rufen Sie den Service',
    },
    stuck: {
      what: 'Der Ausweisleser antwortet nicht',
      next: 'Ziehen Sie ihn ab und stecken Sie ihn wieder ein',
    },
  },
  link: {
    connecting: { what: 'Verbindung zur Klinik wird aufgebaut', next: 'Das dauert einen Moment' },
    down: {
      what: 'Keine Verbindung zur Klinik',
      next: 'Hier kann sich niemand anmelden, bis sie wieder da ist. Nehmen Sie einen anderen Arbeitsplatz',
    },
    'not-enrolled': {
      what: 'Dieser Arbeitsplatz ist noch nicht eingerichtet',
      next: 'Nehmen Sie einen anderen und sagen Sie dem Service Bescheid',
    },
    copied: {
      what: 'Dieser Computer ist die Kopie eines anderen Arbeitsplatzes und wurde angehalten',
      next: 'Nehmen Sie einen anderen und sagen Sie dem Service: er muss eigens angemeldet werden',
    },
  },
  linkDownSince: (time) => `Keine Verbindung seit ${time}`,
  alone: (since) => ({
    what: `Es geht ohne Netz weiter${since === undefined ? '' : `, seit ${since}`}`,
    next: 'Ausweis und PIN gehen. Unterschreiben geht nicht, und nichts kommt von einem anderen Arbeitsplatz mit',
  }),
  banners: {
    yours: (name) => `Das ist jetzt der Bildschirm von ${name}`,
    stillYours: (name) => `Noch Ihr Bildschirm, ${name}`,
    tapToSignOut: 'Noch einmal auflegen, um sich abzumelden',
    emergency: (name, until) => `Notfallzugang für ${name} bis ${until}`,
    emergencyIsKept: 'Er wird festgehalten und später angesehen',
    alone: (name) => `Ohne Netz angemeldet: ${name}`,
    confirmed: (name) => `Das Netz ist wieder da, ${name}`,
    tapForChart:
      'Was Sie sehen, ist noch von vorher. Legen Sie Ihren Ausweis auf, dann kommt die Akte',
    askForChart:
      'Was Sie sehen, ist noch von vorher. Für die Akte sperren Sie und fragen Sie noch einmal',
    aloneDetail: 'Ausweis und PIN gehen. Was Sie sehen, kann alt sein. Unterschreiben geht nicht',
    cutOff: (name) => `Keine Verbindung zur Klinik, ${name}`,
    cutOffDetail:
      'Was Sie sehen, kann alt sein. Unterschreiben geht nicht. ' +
      'Kommt sie nicht wieder, sperrt sich dieser Bildschirm',
  },
  errands: germanErrands,
  browser: {
    missing: { what: 'Der Browser für die Akte fehlt', next: 'Rufen Sie den Service' },
    blocked: {
      what: 'Eine Regel dieses Rechners sperrt den Browser für die Akte',
      next: 'Rufen Sie den Service',
    },
    died: { what: 'Der Browser für die Akte ist beendet', next: 'Er wird neu gestartet' },
  },
}
