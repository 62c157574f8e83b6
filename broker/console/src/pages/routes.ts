// Which page is at which address, and what of the address it takes. Each page's script is fetched
// when it is first opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { readSearch, takes, writeSearch } from '../parts/plain-search.ts'
import { FailedPage, NoPage, WaitingPage } from './other-pages.tsx'
import { Root } from './root.tsx'

const table = ['open', 'sort', 'filter'] as const
const root = createRootRoute({ component: Root, notFoundComponent: NoPage })
const getParentRoute = () => root

const now = createRoute({
  getParentRoute,
  path: '/',
  validateSearch: takes('state', 'q', 'open'),
  component: lazyRouteComponent(() => import('./now/now-page.tsx'), 'NowPage'),
})
const reviews = createRoute({
  getParentRoute,
  path: '/reviews',
  validateSearch: takes('show', 'days', ...table),
  component: lazyRouteComponent(() => import('./reviews/reviews-page.tsx'), 'ReviewsPage'),
})
const alerts = createRoute({
  getParentRoute,
  path: '/alerts',
  validateSearch: takes('show', ...table),
  component: lazyRouteComponent(() => import('./alerts/alerts-page.tsx'), 'AlertsPage'),
})
const timeline = createRoute({
  getParentRoute,
  path: '/timeline',
  validateSearch: takes(
    ...(['personId', 'workstationId', 'zoneId', 'from', 'to'] as const),
    ...(['zoom', 'view', 'at', 'sort', 'filter'] as const),
  ),
  component: lazyRouteComponent(() => import('./timeline/timeline-page.tsx'), 'TimelinePage'),
})
const why = createRoute({
  getParentRoute,
  path: '/why',
  validateSearch: takes('tap'),
  component: lazyRouteComponent(() => import('./why/why-page.tsx'), 'WhyPage'),
})
const people = createRoute({
  getParentRoute,
  path: '/people',
  validateSearch: takes('q', 'show', ...table),
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
})
const workstations = createRoute({
  getParentRoute,
  path: '/workstations',
  validateSearch: takes('q', ...table),
  component: lazyRouteComponent(
    () => import('./workstations/workstations-page.tsx'),
    'WorkstationsPage',
  ),
})
const accessReviews = createRoute({
  getParentRoute,
  path: '/access-reviews',
  validateSearch: takes('show', 'review', 'state', 'person', ...table),
  component: lazyRouteComponent(
    () => import('./access-reviews/access-reviews-page.tsx'),
    'AccessReviewsPage',
  ),
})
const speed = createRoute({
  getParentRoute,
  path: '/speed',
  validateSearch: takes('show', 'from', 'to', 'of', ...table),
  component: lazyRouteComponent(() => import('./speed/speed-page.tsx'), 'SpeedPage'),
})
const policy = createRoute({
  getParentRoute,
  path: '/policy',
  validateSearch: takes(
    ...(['show', 'from', 'to', 'purpose', 'making', 'sortAbove', 'filterAbove'] as const),
    ...table,
  ),
  component: lazyRouteComponent(() => import('./policy/policy-page.tsx'), 'PolicyPage'),
})
const retention = createRoute({
  getParentRoute,
  path: '/retention',
  validateSearch: takes('show', 'rule', ...table),
  component: lazyRouteComponent(() => import('./retention/retention-page.tsx'), 'RetentionPage'),
})
const keys = createRoute({
  getParentRoute,
  path: '/keys',
  validateSearch: takes(...table),
  component: lazyRouteComponent(() => import('./keys/keys-page.tsx'), 'KeysPage'),
})
const ownRecord = createRoute({
  getParentRoute,
  path: '/my-taps',
  validateSearch: takes('show', 'from', 'to', 'sort', 'filter'),
  component: lazyRouteComponent(() => import('./own-record/own-record-page.tsx'), 'OwnRecordPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    now,
    reviews,
    alerts,
    timeline,
    why,
    people,
    workstations,
    accessReviews,
    speed,
    policy,
    retention,
    keys,
    ownRecord,
  ]),
  basepath: '/console',
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPendingComponent: WaitingPage,
  defaultErrorComponent: FailedPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
