// The ward’s list: who lies where, how they are, what is due next. Renders, and looks nothing up.

import type { Stay, Vitals } from '../records/chart-record.ts'
import type { MedicationRequest } from '../records/fhir.ts'
import type { Ward } from '../records/ward-sheets.ts'
import { html, type Html } from './html.ts'
import { ageInYears, counted, dayInWords, timeOfDay } from './words.ts'

export interface WardEntry {
  readonly stay: Stay
  readonly vitals: Vitals
  readonly orders: readonly MedicationRequest[]
}

interface NextDose {
  readonly time: string
  readonly drug: string
}

/** The first dose from now on, or tomorrow’s first. Times of day compare as text. */
export function nextDose(
  orders: readonly MedicationRequest[],
  nowTime: string,
): NextDose | undefined {
  const doses = orders
    .filter((order) => order.status === 'active')
    .flatMap((order) =>
      (order.dosageInstruction[0].timing?.repeat.timeOfDay ?? []).map((time) => ({
        time: time.slice(0, 5),
        drug: order.medicationCodeableConcept.text,
      })),
    )
    .sort((one, other) => one.time.localeCompare(other.time))
  return doses.find((dose) => dose.time >= nowTime) ?? doses[0]
}

export function vitalCells(vitals: Vitals): Html[] {
  return vitals.rows.map((row) => {
    const latest = row.values[row.values.length - 1] ?? { value: '–', flag: undefined }
    const flag = latest.flag
    return html`<td class="vital${flag ? ' is-flagged' : ''}" data-label="${row.short}">
      ${latest.value}${
        flag
          ? html`<span class="flag"
              ><span aria-hidden="true">${flag === 'high' ? '▲' : '▼'}</span
              ><span class="unseen"> ${flag}</span></span
            >`
          : undefined
      }
    </td>`
  })
}

function entryRow(entry: WardEntry, nowMs: number): Html {
  const { patient, bed, encounter, allergy } = entry.stay
  const name = patient.name[0]
  const dose = nextDose(entry.orders, timeOfDay(nowMs))
  const drafts = entry.orders.filter((order) => order.status === 'draft').length
  const allergic = allergy?.reaction === undefined ? undefined : allergy.code.text
  const words = counted(drafts, 'unsigned draft')
  const unsigned = drafts > 0 ? html`<span class="tag">${words}</span>` : undefined
  const sex = patient.gender === 'female' ? 'F' : patient.gender === 'male' ? 'M' : '–'
  return html`<tr>
    <td class="bed">${bed}</td>
    <th scope="row" class="person">
      <a href="/patients/${encodeURIComponent(patient.id)}">${name.family}, ${name.given[0]}</a>
      <span class="quiet">${sex} ${ageInYears(patient.birthDate, nowMs)}</span>
    </th>
    <td class="reason">
      ${encounter.reasonCode[0].text}
      ${allergic ? html`<span class="tag tag-alert">Allergy: ${allergic}</span>` : undefined}
      ${unsigned}
    </td>
    ${vitalCells(entry.vitals)}
    <td class="dose">
      ${
        dose
          ? html`<time>${dose.time}</time> <span class="quiet">${dose.drug}</span>`
          : html`<span class="quiet">None scheduled</span>`
      }
    </td>
  </tr>`
}

const hasFlag = (entry: WardEntry): boolean =>
  entry.vitals.rows.some((row) => row.values[row.values.length - 1]?.flag !== undefined)

export function wardPage(ward: Ward, entries: readonly WardEntry[], nowMs: number): Html {
  const outside = entries.filter(hasFlag).length
  const signs = entries[0]?.vitals.rows ?? []
  return html`<div class="heading">
      <h1>${ward.name}</h1>
      <p class="quiet">
        ${ward.service}. ${counted(entries.length, 'patient')}, ${outside} with vital signs out of
        range. <time class="day">${dayInWords(nowMs)}, ${timeOfDay(nowMs)}</time>
      </p>
    </div>
    <table class="list" data-testid="patient-list">
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
          <th scope="col">Next dose</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => entryRow(entry, nowMs))}
      </tbody>
    </table>`
}

/** For somebody whose place has no list of its own. */
export function wardsPage(wards: readonly Ward[]): Html {
  return html`<div class="heading">
      <h1>Wards</h1>
      <p class="quiet">This workstation belongs to no ward, so no list is chosen for you.</p>
    </div>
    <ul class="choices">
      ${wards.map(
        (ward) =>
          html`<li>
            <a href="/wards/${ward.id}"><b>${ward.name}</b> <span>${ward.service}</span></a>
          </li>`,
      )}
    </ul>`
}
