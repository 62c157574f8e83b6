// Deutsch für alles, was man zu Ausweis und PIN am Arbeitsplatz erledigt.

import type { Catalogue } from './catalogue.ts'

export const germanErrands: Catalogue['errands'] = {
  help: 'Hilfe zu Ausweis und PIN',
  titles: {
    enrol: 'Das ist mein Ausweis',
    loaner: 'Diesen Ausweis für meine Schicht nutzen',
    'new-pin': 'Ich brauche eine neue PIN',
    'change-pin': 'Meine PIN ändern',
    lost: 'Ich habe meinen Ausweis verloren',
    found: 'Ich habe meinen Ausweis wiedergefunden',
  },
  done: {
    enrol: { what: 'Das ist jetzt Ihr Ausweis', next: 'Legen Sie ihn auf, um sich anzumelden' },
    loaner: {
      what: 'Das ist vorerst Ihr Ausweis',
      next: 'Legen Sie ihn auf. Ihr eigener geht erst wieder, wenn dieser endet',
    },
    'new-pin': { what: 'Ihre PIN ist gesetzt', next: 'Legen Sie Ihren Ausweis auf' },
    'change-pin': { what: 'Ihre PIN ist geändert', next: 'Ab jetzt gilt die neue' },
    lost: {
      what: 'Ihr Ausweis öffnet nichts mehr',
      next: 'Bitten Sie um einen Leihausweis oder rufen Sie den Service an',
    },
    found: { what: 'Ihr Ausweis gilt wieder', next: 'Legen Sie ihn auf, um sich anzumelden' },
  },
  lasts: (ms) => {
    const hours = Math.round(ms / 3_600_000)
    return hours < 2 ? 'Er gilt etwa eine Stunde' : `Er gilt etwa ${String(hours)} Stunden`
  },
  oneMoment: 'Einen Moment',
  withColleague: 'Hier eine neue setzen',
  badgeWillNotDo: 'Dieser Ausweis geht dafür nicht. Legen Sie einen anderen auf',
  witnessTap: (isSecond) =>
    isSecond
      ? 'Noch jemand aus der Leitung muss den Ausweis auflegen'
      : 'Bitten Sie jemanden aus der Leitung, den Ausweis aufzulegen',
  speaksFor: (title) =>
    `An die Kollegin, den Kollegen: Sie bürgen damit für jemand anderen („${title}“)`,
  witnessWillNotDo:
    'Dieser Ausweis kann nicht für Sie sprechen. Bitten Sie jemand anderen aus der Leitung',
  witnessPin: (name) =>
    name === undefined ? 'Leitung: Geben Sie Ihre PIN ein' : `${name}, geben Sie Ihre PIN ein`,
  typeNumber: (isOwn) =>
    isOwn ? 'Geben Sie Ihre Personalnummer ein' : 'Für wen? Geben Sie die Personalnummer ein',
  numberIsNobodys: 'Diese Nummer hat niemand. Geben Sie sie noch einmal ein',
  isItYou: (name) => (name === undefined ? 'Sind Sie das?' : `Sind Sie ${name}?`),
  lookAtName: 'Sehen Sie den Namen an, bevor Sie zustimmen',
  yesItIs: 'Ja, das bin ich',
  isIt: (name) => (name === undefined ? 'Ist es die richtige Person?' : `Ist das ${name}?`),
  tapToConfirm:
    'Sie sprechen für diese Person: Stimmt der Name, legen Sie Ihren Ausweis noch einmal auf',
  tapYoursToConfirm: 'Wenn ja, legen Sie den Ausweis noch einmal auf, der Ihrer werden soll',
  confirmedByAnother: 'Das war ein anderer Ausweis. Es muss derselbe sein wie zuvor',
  noItIsNot: 'Nein, jemand anderes',
  choosePin: 'Wählen Sie eine PIN',
  pinOnceMore: 'Geben Sie sie noch einmal ein',
  pinAdvice: (digits) => `Mindestens ${String(digits)} Ziffern, kein Datum und kein Muster`,
  notTheSame: 'Die beiden waren nicht gleich. Wählen Sie noch einmal',
  flaws: {
    'pin-length': 'Das sind zu wenige oder zu viele Ziffern. Wählen Sie eine andere',
    'pin-guessable': 'Die ist leicht zu erraten. Wählen Sie eine andere',
    'account-not-usable': 'Ihr Klinikkonto geht dafür nicht',
    'account-unreachable': 'Die Klinik-Anmeldung ist nicht erreichbar',
    'account-not-signed-in': 'Die Anmeldung wurde nicht beendet',
  },
  signInInstead: 'Mit dem Klinikkonto anmelden',
  signInOpen: 'Melden Sie sich auf der Seite an, die sich öffnet',
  signInLead: 'Nutzen Sie Ihr eigenes Konto. Die Seite schließt sich von selbst',
}
