"""The design system: tokens, components, forms, figures, shells of pages. Knows nothing of other rooms."""
