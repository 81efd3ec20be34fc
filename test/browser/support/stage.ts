import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { TestServer } from '../../transport/support/test-server.js';
import { startBrowser, visit, type Visitor } from './browser.js';
import { startSite } from './site.js';

export interface Stage {
  readonly browser: Browser;
  readonly server: TestServer;
}

const missing = (): never => {
  throw new Error('Only tests, and what runs before each of them, have a stage');
};

/** A browser, and a server with the whole site, for all tests of a file. */
export const openStage = (): Stage => {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = { browser: await startBrowser(), server: await startSite() };
  });
  afterAll(async () => {
    await stage?.browser.close();
    await stage?.server.drop();
  });
  return {
    get browser() {
      return stage?.browser ?? missing();
    },
    get server() {
      return stage?.server ?? missing();
    },
  };
};

/** A citizen anew for each test, whose browser asks no other machine for anything and complains of nothing. */
export const citizenOn = (
  stage: Stage,
  prepare: (citizen: Visitor) => Promise<unknown> = () => Promise.resolve(),
): Pick<Visitor, 'context' | 'page' | 'complaints'> => {
  let citizen: Visitor | undefined;
  beforeEach(async () => {
    citizen = await visit(stage.browser);
    await prepare(citizen);
  });
  afterEach(async () => {
    const [foreign, complaints] = [citizen?.foreign, citizen?.complaints];
    await citizen?.close();
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });
  return {
    get context() {
      return citizen?.context ?? missing();
    },
    get page() {
      return citizen?.page ?? missing();
    },
    get complaints() {
      return citizen?.complaints ?? missing();
    },
  };
};
