// A reporter of vitest: names, after everything else, the tests that passed only at a second try.
export default function SecondTries() {
  const names = [];
  return {
    onTestCaseResult: (test) => {
      if (test.diagnostic()?.flaky) names.push(`SECOND TRY: ${test.module.relativeModuleId} > ${test.fullName}`);
    },
    onTestRunEnd: () => {
      for (const name of names) process.stdout.write(`${name}\n`);
    },
  };
}
