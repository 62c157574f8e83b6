// The pharmacist’s queue: what waits to be verified, most urgent first. Renders, and decides
// nothing.

import type { Stay } from '../records/chart-record.ts'
import type { QueueItem } from '../signing/order-book.ts'
import { html, type Html } from './html.ts'
import { counted, factorsInWords, timeOfDay } from './words.ts'

export interface QueueEntry {
  readonly item: QueueItem
  readonly stay: Stay
  readonly wardName: string
}

function state(entry: QueueEntry, formToken: string): Html {
  const { item } = entry
  if (item.verifiedBy !== undefined) {
    return html`<p class="verified">
      Verified ${timeOfDay(item.verifiedAtMs ?? 0)}
      <span class="quiet">${item.verifiedBy}</span>
    </p>`
  }
  const { id } = item.request
  const drug = item.request.medicationCodeableConcept.text
  return html`<form method="post" action="/orders/${encodeURIComponent(id)}/verify">
    <input type="hidden" name="form_token" value="${formToken}" />
    <button type="submit" class="second" aria-label="Verify ${drug}">Verify</button>
  </form>`
}

function priority(value: QueueItem['request']['priority']): Html {
  if (value === 'routine') return html`<span class="quiet">Routine</span>`
  return html`<span class="tag tag-alert">${value === 'stat' ? 'STAT' : 'Urgent'}</span>`
}

function entryRow(entry: QueueEntry, formToken: string): Html {
  const { item, stay } = entry
  const { request, signature } = item
  const name = stay.patient.name[0]
  const allergic = stay.allergy?.reaction === undefined ? undefined : stay.allergy.code.text
  const by = request.requester?.display ?? 'Unknown'
  const how = signature === undefined ? undefined : factorsInWords(signature.amr)
  return html`<tr class="${item.verifiedBy === undefined ? '' : 'is-done'}">
    <td class="priority">${priority(request.priority)}</td>
    <th scope="row" class="drug">
      <b>${request.medicationCodeableConcept.text}</b>
      <span class="quiet">${request.dosageInstruction[0].text}</span>
    </th>
    <td class="person">
      <a href="/patients/${encodeURIComponent(stay.patient.id)}"
        >${name.family}, ${name.given[0]}</a
      >
      <span class="quiet">${entry.wardName}, ${stay.bed}</span>
    </td>
    <td class="check">
      ${item.check}
      ${allergic ? html`<span class="tag tag-alert">Allergy: ${allergic}</span>` : undefined}
    </td>
    <td class="ordered">
      ${by}
      <span class="quiet"
        >${timeOfDay(Date.parse(request.authoredOn))}${how ? html`, ${how}` : undefined}</span
      >
    </td>
    <td class="act">${state(entry, formToken)}</td>
  </tr>`
}

export function verificationPage(entries: readonly QueueEntry[], formToken: string): Html {
  const open = entries.filter(({ item }) => item.verifiedBy === undefined)
  const urgent = open.filter(({ item }) => item.request.priority !== 'routine').length
  const summary =
    open.length === 0
      ? 'Nothing waits. New orders appear here, the most urgent first.'
      : `${counted(open.length, 'order')} waiting, ${String(urgent)} urgent.`
  return html`<div class="heading">
      <h1>Verification queue</h1>
      <p class="quiet">${summary}</p>
    </div>
    <table class="list queue" data-testid="verification-queue">
      <caption class="unseen">
        Orders to verify
      </caption>
      <thead>
        <tr>
          <th scope="col">Priority</th>
          <th scope="col">Order</th>
          <th scope="col">Patient</th>
          <th scope="col">Check</th>
          <th scope="col">Ordered</th>
          <th scope="col"><span class="unseen">Decision</span></th>
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => entryRow(entry, formToken))}
      </tbody>
    </table>`
}
