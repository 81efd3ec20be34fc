import { sessionIdOf } from '../../events/catalogue/index.js';
import { createReactor, type Reactor, type ReactorDependencies } from '../reactor.js';
import { carryOutErasure, type ErasureDependencies } from './erase-subject.js';

/**
 * The durable reactor that keeps what `PersonalDataErased` promises: destroys the keys and removes the files, also when
 * whoever recorded the event was killed on the way, or sits on a machine that does not have the files.
 */
export const createErasureFinisher = (
  dependencies: ReactorDependencies & Pick<ErasureDependencies, 'keys' | 'forgetFiles'>,
): Reactor =>
  createReactor(dependencies, {
    name: 'erasure-finisher',
    types: ['PersonalDataErased'],
    react: async (event) => {
      const subject = sessionIdOf(event.meta.stream);
      if (event.type !== 'PersonalDataErased' || subject === undefined) return;
      await carryOutErasure(dependencies, subject, event.data.classes);
    },
  });
