// A rule of the linter (.oxlintrc.json): nothing asks for the time or for chance by itself.

const message =
  'Time and chance are handed in (Clock, Random in src/domain/clock.ts), so that a test owns them.';

const isNamed = (node, name) => node.type === 'Identifier' && node.name === name;

const givenTimeAndChance = {
  create: (context) => {
    const report = (node) => context.report({ node, message });
    return {
      MemberExpression: (node) => {
        if (node.computed) return;
        const { object, property } = node;
        if (isNamed(object, 'Date') && isNamed(property, 'now')) report(node);
        if (isNamed(object, 'Math') && isNamed(property, 'random')) report(node);
      },
      NewExpression: (node) => {
        if (isNamed(node.callee, 'Date') && node.arguments.length === 0) report(node);
      },
      CallExpression: (node) => {
        if (isNamed(node.callee, 'Date')) report(node);
      },
    };
  },
};

export default { meta: { name: 'earshot' }, rules: { 'given-time-and-chance': givenTimeAndChance } };
