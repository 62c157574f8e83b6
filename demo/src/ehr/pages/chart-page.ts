// One patient’s chart: banner, vital signs, medication, and the orders that wait or were signed.

import type { Measured, Stay, Vitals } from '../records/chart-record.ts'
import type { MedicationRequest } from '../records/fhir.ts'
import { html, type Html } from './html.ts'
import { ageInYears, dateInWords, timeOfDay } from './words.ts'

export interface ChartContent {
  readonly vitals: Vitals
  readonly orders: readonly MedicationRequest[]
  /** Drafts and signed orders, as order-card.ts shows them. */
  readonly cards: readonly Html[]
  /** True for an order that no pharmacist has verified yet. */
  readonly isUnverified: (order: MedicationRequest) => boolean
}

const dayMs = 86_400_000

/** Who this is, at every scroll position: the wrong patient is the mistake to make impossible. */
export function patientBanner(stay: Stay, nowMs: number): Html {
  const { patient, bed, encounter, allergy } = stay
  const name = patient.name[0]
  const sex = patient.gender.slice(0, 1).toUpperCase() + patient.gender.slice(1)
  const admitted = Date.parse(encounter.period.start)
  const day = Math.floor((nowMs - admitted) / dayMs) + 1
  const reaction = allergy?.reaction?.[0].manifestation[0].text
  const alert = reaction !== undefined
  return html`<section class="patient" aria-label="Patient">
    <p class="patient-bed"><span>Bed</span> ${bed}</p>
    <div class="patient-who">
      <h1>${name.family}, ${name.given[0]}</h1>
      <p>
        ${sex}, ${ageInYears(patient.birthDate, nowMs)} years
        <span class="sep">born ${dateInWords(patient.birthDate)}</span>
        <span class="sep">${patient.identifier[0].value}</span>
      </p>
    </div>
    <dl class="patient-facts">
      <div>
        <dt>Reason</dt>
        <dd>${encounter.reasonCode[0].text} <span class="sep">day ${day}</span></dd>
      </div>
      <div class="${alert ? 'is-alert' : ''}">
        <dt>Allergies</dt>
        <dd>
          ${allergy?.code.text ?? 'Not recorded'}${
            alert ? html` (${reaction.toLowerCase()})` : undefined
          }
        </dd>
      </div>
    </dl>
  </section>`
}

function vitalCell(measured: Measured, latest: boolean): Html {
  const { value, flag } = measured
  const classes = `vital${latest ? ' is-latest' : ''}${flag ? ' is-flagged' : ''}`
  const arrow = flag === 'high' ? '▲' : '▼'
  return html`<td class="${classes}">
    ${value}${
      flag
        ? html`<span class="flag"
            ><span aria-hidden="true">${arrow}</span><span class="unseen"> ${flag}</span></span
          >`
        : undefined
    }
  </td>`
}

function vitalTable(vitals: Vitals): Html {
  const last = vitals.times.length - 1
  return html`<section class="panel">
    <h2>Vital signs</h2>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col"><span class="unseen">Sign</span></th>
          ${vitals.times.map(
            (time, at) =>
              html`<th scope="col" class="vital${at === last ? ' is-latest' : ''}">
                ${timeOfDay(Date.parse(time))}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${vitals.rows.map(
          (row) =>
            html`<tr>
              <th scope="row">
                <span class="wide">${row.name}</span
                ><abbr class="narrow" title="${row.name}">${row.short}</abbr>
                <span class="unit">${row.unit}</span>
              </th>
              ${row.values.map((value, at) => vitalCell(value, at === last))}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

function medicationRow(order: MedicationRequest, unverified: boolean): Html {
  const dosage = order.dosageInstruction[0]
  const times = dosage.timing?.repeat.timeOfDay ?? []
  const due = times.length > 0 ? times.map((time) => time.slice(0, 5)).join(', ') : undefined
  const text = due ?? (dosage.asNeededBoolean ? 'As needed' : 'As directed')
  return html`<li>
    <p class="drug">
      <b>${order.medicationCodeableConcept.text}</b>
      <span class="quiet">${dosage.text}</span>
    </p>
    <p class="due">
      ${text}${unverified ? html`<span class="tag">Pharmacist to verify</span>` : undefined}
    </p>
  </li>`
}

export function chartPage(content: ChartContent): Html {
  const active = content.orders.filter((order) => order.status === 'active')
  return html`<div class="chart">
    <div class="chart-main">
      ${vitalTable(content.vitals)}
      <section class="panel">
        <h2>Medication</h2>
        <ul class="medication">
          ${active.map((order) => medicationRow(order, content.isUnverified(order)))}
        </ul>
      </section>
    </div>
    <section class="chart-side" aria-label="Orders">
      <h2>Orders</h2>
      ${
        content.cards.length > 0
          ? content.cards
          : html`<p class="empty">No draft waits for a signature. Drafts appear here.</p>`
      }
    </section>
  </div>`
}
