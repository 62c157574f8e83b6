// One order on the chart: a draft with its “Sign prescription”, or a signed one with its proof.

import type { MedicationRequest } from '../records/fhir.ts'
import type { Signature } from '../signing/order-book.ts'
import { html, type Html } from './html.ts'
import { factorsInWords, timeOfDay, timeToTheSecond } from './words.ts'

export interface CardViewer {
  readonly maySign: boolean
  readonly name: string
  readonly formToken: string
}

function row(term: string, value: string | Html): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`
}

function content(request: MedicationRequest, prescriber: string | undefined): Html {
  const dispense = request.dispenseRequest
  const quantity = dispense?.quantity
  const amount = quantity ? `${String(quantity.value)} ${quantity.unit}` : 'Not set'
  return html`<p class="order-drug">${request.medicationCodeableConcept.text}</p>
    <p class="order-directions">${request.dosageInstruction[0].text}</p>
    <dl class="facts">
      ${row('Quantity', amount)} ${row('Refills', String(dispense?.numberOfRepeatsAllowed ?? 0))}
      ${prescriber === undefined ? undefined : row('Prescriber', prescriber)}
      ${request.category === undefined ? undefined : row('Category', request.category[0].text)}
    </dl>`
}

const formField = (token: string): Html =>
  html`<input type="hidden" name="form_token" value="${token}" />`

function signForm(request: MedicationRequest, viewer: CardViewer): Html {
  const action = `/orders/${encodeURIComponent(request.id)}/sign`
  return html`<form method="post" action="${action}" class="order-sign">
    ${formField(viewer.formToken)}
    <p>Badge and PIN, given now, sign exactly what is shown here.</p>
    <button type="submit" data-testid="sign-prescription">Sign prescription</button>
  </form>`
}

/** A draft. What is not to be signed here, or not by this person, says why and has no button. */
export function draftCard(request: MedicationRequest, viewer: CardViewer): Html {
  const controlled = request.category !== undefined
  const action = controlled
    ? html`<p class="order-note">
        <b>Not signed from here.</b> A controlled substance needs a security key; this workstation
        offers badge and PIN.
      </p>`
    : viewer.maySign
      ? signForm(request, viewer)
      : html`<p class="order-note">Waits for a prescriber’s signature.</p>`
  return html`<article class="order" id="${request.id}" data-testid="draft-order">
    <p class="order-state">Draft, written ${timeOfDay(Date.parse(request.authoredOn))}</p>
    ${content(request, viewer.maySign ? viewer.name : undefined)} ${action}
  </article>`
}

const seal = html`<svg class="seal" viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="11" />
  <path d="m7 12.4 3.4 3.4L17 9" />
</svg>`

function proof(signature: Signature): Html {
  return html`<details class="proof">
    <summary>What the sign-in service vouched for</summary>
    <dl class="facts facts-code">
      ${row('Issuer', signature.issuer)} ${row('Subject', signature.sub)}
      ${row('auth_time', `${new Date(signature.atS * 1000).toISOString().slice(0, 19)}Z`)}
      ${row('acr', signature.acr)} ${row('amr', signature.amr.join(' '))}
      ${row('Session', signature.sid)} ${row('Workstation', signature.workstation)}
      ${row('Order, SHA-256', signature.hash)}
    </dl>
  </details>`
}

export function signedCard(
  request: MedicationRequest,
  signature: Signature,
  viewer: CardViewer,
): Html {
  const at = timeToTheSecond(signature.atS * 1000)
  const again = `/orders/${encodeURIComponent(request.id)}/draft-again`
  return html`<article class="order is-signed" id="${request.id}" data-testid="signed-order">
    <p class="order-state" data-testid="signed-by">
      ${seal}<span
        >Signed by <b>${signature.name}</b> at ${at} with ${factorsInWords(signature.amr)}</span
      >
    </p>
    ${content(request, undefined)} ${proof(signature)}
    ${
      viewer.maySign
        ? html`<form method="post" action="${again}">
            ${formField(viewer.formToken)}
            <button type="submit" class="plain">Draft the same again</button>
          </form>`
        : undefined
    }
  </article>`
}
