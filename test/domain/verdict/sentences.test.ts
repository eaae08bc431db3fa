import { expect, it } from 'vitest';
import { SHOP, tell } from './model.js';

const ADMIN = { actor: 'admin', at: '2026-11-22T10:00:00.000Z', revision: 12 };
const BOB = { actor: 'bob', at: '2026-12-01T10:00:00.000Z', revision: 15 };

it('an allowed question: flow, author and day, and rule and object of both sides', () => {
  const authors = new Map([['frontend-to-backend', { declared: ADMIN, since: 1 }]]);
  expect(tell(SHOP, ['shop/frontend', 'shop/backend', 'api'], { version: 3, authors })).toEqual([
    'shop/frontend can reach shop/backend on TCP 3000: flow frontend-to-backend, declared by admin on 2026-11-22, allows it; allow-frontend-egress (shop) lets it out by rule 2 and allow-backend-ingress (shop) lets it in by rule 1.',
    'So it is in version 3 of dev; flow frontend-to-backend is published since version 1.',
  ]);
});

it('a flow that was changed has two authors, and may not be published yet', () => {
  const authors = new Map([['users-to-frontend', { declared: ADMIN, changed: BOB }]]);
  expect(tell(SHOP, ['users', 'shop/frontend'], { authors })).toEqual([
    "users can reach shop/frontend on TCP 80 only: flow users-to-frontend, declared by admin on 2026-11-22 and changed by bob on 2026-12-01, allows it; users is a peer, whose egress is not Sluice's to rule, and allow-frontend-ingress (shop) lets it in by rule 1.",
    'Mind: default-deny-all (shop) isolates pods of users for egress, and Sluice opens the side of tiers only: open theirs, or make them a tier.',
    'So it is in the working model of dev; flow users-to-frontend is not published as it is.',
  ]);
});

it('a denied question: what is missing, what isolates, and how to mend', () => {
  expect(tell(SHOP, ['shop/frontend', 'shop/database', 'TCP/3306'])).toEqual([
    'shop/frontend cannot reach shop/database on TCP 3306: no flow leads from shop/frontend to shop/database in environment dev.',
    'allow-frontend-egress (shop) and default-deny-all (shop) isolate shop/frontend for egress and let nothing out to shop/database on TCP 3306.',
    'allow-database-ingress (shop) and default-deny-all (shop) isolate shop/database for ingress and let nothing in from shop/frontend on TCP 3306.',
    'To allow it, declare flow frontend-to-database: POST /v1/flows {"name":"frontend-to-database","from":{"tier":"shop/frontend"},"to":{"tier":"shop/database"},"ports":["mysql"],"environments":["dev"]}',
    'So it is in the working model of dev.',
  ]);
});

it.each([
  [
    ['shop/frontend', 'shop/backend', '9'],
    'add port TCP 9 to flow frontend-to-backend: PATCH /v1/flows/frontend-to-backend {"ports":["api",{"protocol":"TCP","port":9}]}',
  ],
  [
    ['shop/backend', 'mail/sender', '25'],
    'place application mail in environment dev: PUT /v1/environments/dev/placements/mail {"namespace":"mail"}',
  ],
  [['prod-only', 'shop/backend', 'api'], 'give peer prod-only addresses in environment dev: PATCH /v1/peers/prod-only'],
  [['shop/frontend', 'office'], 'declare flow frontend-to-office on the ports that are needed: POST /v1/flows'],
  [
    ['10.0.0.1', 'shop/backend', '3000'],
    'declare peer addresses-10-0-0-1: POST /v1/peers {"name":"addresses-10-0-0-1","kind":"cidr","blocks":[{"cidr":"10.0.0.1/32"}]}; then declare flow addresses-10-0-0-1-to-backend: POST /v1/flows {"name":"addresses-10-0-0-1-to-backend","from":{"peer":"addresses-10-0-0-1"},"to":{"tier":"shop/backend"},"ports":["api"],"environments":["dev"]}',
  ],
  [
    ['shop/backend', '2001:db8:1::/48', 'UDP/53'],
    'declare peer addresses-2001-db8-1-48: POST /v1/peers {"name":"addresses-2001-db8-1-48","kind":"cidr","blocks":[{"cidr":"2001:db8:1::/48"}]}; then declare flow backend-to-addresses-2001-db8-1-48: POST /v1/flows {"name":"backend-to-addresses-2001-db8-1-48","from":{"tier":"shop/backend"},"to":{"peer":"addresses-2001-db8-1-48"},"ports":[{"protocol":"UDP","port":53}],"environments":["dev"]}',
  ],
] as const)('%s can be mended', (question, mend) => {
  expect(tell(SHOP, question)).toContain(`To allow it, ${mend}`);
});

it('no mend is invented where there is none', () => {
  expect(tell(SHOP, ['shop/frontend', 'shop/frontend', '80']).join()).not.toContain('To allow it');
});
