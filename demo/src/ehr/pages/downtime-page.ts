// The downtime view: what a ward must know of its patients while nobody can be signed in. A sheet
// to be read and printed: it has no link, no form and no script, so nothing can be done in it.

import type { MedicationRequest } from '../records/fhir.ts'
import type { Ward } from '../records/ward-sheets.ts'
import { html, type Html } from './html.ts'
import { vitalCells, type WardEntry } from './ward-page.ts'
import { ageInYears, counted, dayInWords, timeOfDay } from './words.ts'

export interface DowntimeWard {
  readonly ward: Ward
  readonly entries: readonly WardEntry[]
}

/** When it is given, or how; an order that waits for a pharmacist or a signature is none. */
function medicine(order: MedicationRequest): Html {
  const [dosage] = order.dosageInstruction
  const times = dosage.timing?.repeat.timeOfDay.map((time) => time.slice(0, 5)) ?? []
  const when = times.length > 0 ? times.join(', ') : dosage.text
  return html`<li>${order.medicationCodeableConcept.text} <span class="quiet">${when}</span></li>`
}

function row({ stay, vitals, orders }: WardEntry, asOfMs: number): Html {
  const { patient, bed, encounter, allergy } = stay
  const name = patient.name[0]
  const active = orders.filter((order) => order.status === 'active')
  const sex = patient.gender === 'female' ? 'F' : patient.gender === 'male' ? 'M' : '–'
  const isAllergic = allergy?.reaction !== undefined
  return html`<tr>
    <td class="bed">${bed}</td>
    <th scope="row" class="person">
      ${name.family}, ${name.given[0]}
      <span class="quiet">${sex} ${ageInYears(patient.birthDate, asOfMs)}</span>
      <span class="quiet">${patient.identifier[0].value}</span>
    </th>
    <td class="reason">
      ${encounter.reasonCode[0].text}
      ${
        isAllergic
          ? html`<span class="tag tag-alert">Allergy: ${allergy.code.text}</span>`
          : html`<span class="quiet">${allergy?.code.text ?? 'Allergies not recorded'}</span>`
      }
    </td>
    ${vitalCells(vitals)}
    <td class="medicines">
      ${
        active.length > 0
          ? html`<ul>
              ${active.map(medicine)}
            </ul>`
          : html`<span class="quiet">None</span>`
      }
    </td>
  </tr>`
}

function table({ ward, entries }: DowntimeWard, asOfMs: number): Html {
  const signs = entries[0]?.vitals.rows ?? []
  return html`<div class="heading">
      <h2>${ward.name}</h2>
      <p class="quiet">${ward.service}. ${counted(entries.length, 'patient')}.</p>
    </div>
    <table class="list downtime-list">
      <caption class="unseen">
        Patients of ${ward.name}
      </caption>
      <thead>
        <tr>
          <th scope="col">Bed</th>
          <th scope="col">Patient</th>
          <th scope="col">Reason</th>
          ${signs.map(
            (sign) =>
              html`<th scope="col" class="vital">
                <abbr title="${sign.name}, ${sign.unit}">${sign.short}</abbr>
              </th>`,
          )}
          <th scope="col">Medicines</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => row(entry, asOfMs))}
      </tbody>
    </table>`
}

/** `asOfMs` is when the chart was read for it; every page says so, large. */
export function downtimePage(wards: readonly DowntimeWard[], asOfMs: number): Html {
  const time = timeOfDay(asOfMs)
  return html`<header class="downtime" data-testid="downtime">
      <h1>Downtime view: read only, as of <time data-testid="downtime-as-of">${time}</time></h1>
      <p>
        ${dayInWords(asOfMs)}. What happened after ${time} is not here. Nothing can be ordered,
        signed or charted: write it on paper, and chart it when the network is back.
      </p>
    </header>
    <main id="content">${wards.map((each) => table(each, asOfMs))}</main>`
}
